"""What is held about somebody outside the ledger: records of canaries, and accounts with their sessions and tokens.

Of a canary whom it names is told, never its bait; of an account neither password nor keys. A phony person in a record
is nobody, so their row is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.accounts.backoff import network_of
from canaries.core import store
from canaries.core.schema_accounts import identity, passkey
from canaries.mint import amending, catalogue

if TYPE_CHECKING:
    from canaries.installation.home import Home


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """Something that is held."""

    title: str
    lines: tuple[str, ...]
    """As they stand; whoever prints them makes others out of them."""
    people: tuple[str, ...] = ()
    """Whom it names."""


def canaries(home: Home, meant: Callable[[str], bool]) -> Iterator[SubjectRecord]:
    """Canaries whose record, or what operators changed in it, names somebody. Raises LedgerError."""
    table = store.canary
    query = select(table).where(table.c.sealed.is_not(None)).order_by(table.c.id)
    with home.store.read() as connection:
        for row in connection.execution_options(yield_per=500).execute(query):
            record = catalogue.open_record(home, row)
            now = amending.opened(home, row.id, row.amended)
            said = {
                "owner": (record.owner, now.owner),
                "recipient": (record.recipient, now.recipient),
                "memo": (record.memo, now.memo),
            }
            if not any(text and meant(text) for texts in said.values() for text in texts):
                continue
            lines = [f"minted {record.created_at}", f"expires {record.expires_at or 'never'}"]
            for name, (first, last) in said.items():
                lines += [f"{name}: {text}" for text in dict.fromkeys((first, last)) if text]
            people = [text for name in ("owner", "recipient") for text in said[name] if text]
            yield SubjectRecord(f"canary {row.id} ({record.kind})", tuple(lines), tuple(people))


def accounts(home: Home, person: str) -> Iterator[SubjectRecord]:
    """The account of this name, with what it signed in with and from where."""
    account, session, token = store.account, store.account_session, store.api_token
    with home.store.read() as connection:
        for row in connection.execute(select(account)):
            if row.name.casefold() != person.casefold():
                continue
            lines = [f"role {row.role}", f"made {row.created_at}", f"disabled {row.disabled_at or 'never'}"]
            for one in connection.execute(select(session).where(session.c.account_id == row.id)):
                used = f", last used {one.used_at}" if one.used_at else ""
                lines.append(f"session from {one.network}, {one.created_at} to {one.until}{used}")
            for one in connection.execute(select(token).where(token.c.account_id == row.id)):
                used = f", last used {one.used_at} from {one.used_from}" if one.used_at else ""
                lines.append(f"token {one.name!r}, {one.created_at} to {one.expires_at}{used}")
            keys = connection.execute(select(passkey).where(passkey.c.account_id == row.id))
            lines += [f"passkey {one.name!r}, since {one.created_at}" for one in keys]
            providers = connection.execute(select(identity).where(identity.c.account_id == row.id))
            lines += [f"signs in by {one.issuer}, since {one.created_at}" for one in providers]
            yield SubjectRecord(f"account {row.name}", tuple(lines), (row.name,))


def sign_ins(home: Home, address: str) -> Iterator[SubjectRecord]:
    """Sessions, tokens and failures from the network that an address is of."""
    network = network_of(address)
    session, token, failure = store.account_session, store.api_token, store.sign_in_failure
    with home.store.read() as connection:
        for one in connection.execute(select(session).where(session.c.network == network)):
            yield SubjectRecord(f"a session from {network}", (f"{one.created_at} to {one.until}",))
        for one in connection.execute(select(token).where(token.c.used_from == network)):
            yield SubjectRecord(f"an API token used from {network}", (f"last used {one.used_at}",))
        for one in connection.execute(select(failure)):
            if one.key.rpartition(" ")[2] == network:
                yield SubjectRecord(f"failed sign-ins from {network}", (f"{one.failures}, last {one.at}",))
