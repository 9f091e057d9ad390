"""Accounts: made, given another role, disabled, recovered. Each change is an entry; sessions of before end with it.

Whoever has a shell and the keys may do all of it. An account that acts through console or API changes others only:
another admin changes its role, and another admin recovers it. The last admin stays one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from canaries.accounts import invitations
from canaries.accounts.permissions import ROLES
from canaries.core import store
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.core.schema_accounts import identity, passkey
from canaries.core.text import visible
from canaries.ledger.statements import MACHINES

if TYPE_CHECKING:
    from canaries.installation.home import Home

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,62}[a-z0-9]|[a-z0-9]")
_ID = re.compile(r"[0-9a-f]{16}")
"""Accounts are found by name or id: no name may be another's id."""
MOST = 10_000
"""Accounts of one installation."""


@dataclass(frozen=True, slots=True)
class OperatorAccount:
    """One line of ``trapline accounts list``; no secret in it."""

    id: str
    name: str
    role: str
    created_at: str
    disabled_at: str
    """RFC 3339, or empty while it can be used."""
    signs_in: bool
    """Whether it has password and one-time codes, a passkey, or a provider's identity; tokens work without."""
    invited_until: str
    """Until when its invitation can be taken up; empty where none is open."""
    tokens: int = 0
    """How many live tokens it has."""

    def state(self, now: str) -> str:
        """In words: whether and how it can be used at this moment."""
        if self.disabled_at:
            return "disabled"
        if self.signs_in:
            return "signs in"
        if self.invited_until > now:
            return f"invited until {self.invited_until[:16].replace('T', ' ')}Z"
        return "tokens only" if self.tokens else "invitation expired"


def clean_name(name: str) -> str:
    """In the form that is kept. Raises TraplineError."""
    lower = name.strip().lower()
    if not _NAME.fullmatch(lower) or lower in MACHINES or _ID.fullmatch(lower):
        raise TraplineError(
            f"{visible(name[:80])!r} cannot be an account's name",
            hint="letters, digits and . _ @ - in between, 64 at most",
        )
    return lower


def known_role(role: str) -> str:
    """The role. Raises TraplineError where there is none of that name."""
    if role not in ROLES:
        raise TraplineError(f"{visible(role[:40])!r} is not a role", hint=f"choose from: {', '.join(ROLES)}")
    return role


def add(home: Home, name: str, role: str, reason: str = "") -> tuple[OperatorAccount, str]:
    """A new account, and the code of its invitation, shown once. Raises TraplineError where the name is taken."""
    clean, role, now = clean_name(name), known_role(role), home.now()
    code, row = invitations.new(home)
    values = {"id": secrets.token_hex(8), "name": clean, "role": role, "created_at": now, **row}
    said = home.act("account", {"account": clean, "act": "added", "role": role, **why(reason)}, now)
    table = store.account
    with home.store.write() as connection:
        if connection.scalar(select(table.c.id).where(table.c.name == clean)) is not None:
            raise TraplineError(f"there is an account called {clean}", hint="see: trapline accounts list")
        if connection.execute(select(func.count()).select_from(table)).scalar_one() >= MOST:
            raise TraplineError(f"there are {MOST} accounts already")
        connection.execute(insert(table).values(**values))
        home.writer.put(connection, said)
    return find(home, clean), code


def listing(home: Home) -> list[OperatorAccount]:
    """All accounts, by name."""
    with home.store.read() as connection:
        live, others = _live_tokens(home, connection), _other_ways(connection)
        found = connection.execute(select(store.account).order_by(store.account.c.name))
        return [_account(row, live.get(row.id, 0), row.id in others) for row in found]


def find(home: Home, name: str) -> OperatorAccount:
    """By name or id. Raises NotFoundError."""
    with home.store.read() as connection:
        row = _row(connection, name)
        live = _live_tokens(home, connection, row.id).get(row.id, 0)
        return _account(row, live, row.id in _other_ways(connection, row.id))


def set_role(home: Home, name: str, role: str, reason: str = "") -> OperatorAccount:
    """Another role, at once: its sessions end, its tokens keep what the new role allows."""
    body = {"act": "role", "role": known_role(role), **why(reason)}
    return _change(home, name, body, {"role": role}, admin_after=role == "admin")


def follow_provider(home: Home, account_id: str, role: str) -> OperatorAccount:
    """Another role because a provider's claim says so, which its owner did not choose themselves."""
    body = {"act": "role", "role": known_role(role), "reason": "the provider's claim says so"}
    return _change(home, account_id, body, {"role": role}, admin_after=role == "admin", own=True)


def disable(home: Home, name: str, reason: str) -> OperatorAccount:
    """End all its sessions, and let neither password nor token in any more."""
    body = {"act": "disabled", "reason": _given(reason)}
    return _change(home, name, body, {"disabled_at": home.now()}, admin_after=False)


def enable(home: Home, name: str, reason: str) -> OperatorAccount:
    """Let it in again; its tokens too, where they were not revoked."""
    return _change(home, name, {"act": "enabled", "reason": _given(reason)}, {"disabled_at": ""})


def reset(home: Home, name: str, reason: str) -> tuple[OperatorAccount, str]:
    """Recovery: password, one-time codes, passkeys are gone, sessions ended, tokens revoked; a new invitation's code.

    What a provider says of its owner stays: whoever recovers there signs in by it as before.
    """
    code, row = invitations.new(home)
    body = {"act": "reset", "reason": _given(reason)}
    gone = {"password": "", "sealed": None, "totp_step": 0}
    found = _change(home, name, body, {**gone, **row}, revoke=True)
    return found, code


def _change(
    home: Home,
    name: str,
    body: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    admin_after: bool = True,
    revoke: bool = False,
    own: bool = False,
) -> OperatorAccount:
    table = store.account
    before = find(home, name)
    if home.allowed is not None and before.name == home.operator and not own:
        raise AccessError("nobody changes their own account", hint="another admin does this")
    said = home.act("account", {"account": before.name, **body})
    with home.store.write() as connection:
        # on PostgreSQL two who each demote the other must not both find a second admin
        rows = connection.execute(select(table).where(table.c.role == "admin").with_for_update()).all()
        others = [row for row in rows if not row.disabled_at and row.id != before.id]
        row = _row(connection, before.id)
        if row.role == "admin" and not row.disabled_at and not admin_after and not others:
            raise TraplineError(
                f"{before.name} is the last admin",
                hint="make another one first: trapline accounts role NAME admin",
            )
        changed = {**values, "version": row.version + 1}
        connection.execute(update(table).where(table.c.id == before.id).values(**changed))
        sessions, tokens = store.account_session, store.api_token
        connection.execute(delete(sessions).where(sessions.c.account_id == before.id))
        if revoke:
            live = (tokens.c.account_id == before.id) & (tokens.c.revoked_at == "")
            connection.execute(update(tokens).where(live).values(revoked_at=home.now()))
            connection.execute(delete(passkey).where(passkey.c.account_id == before.id))
        home.writer.put(connection, said)
    return find(home, before.id)


def _row(connection: Connection, name: str) -> Row[Any]:
    table, wanted = store.account, name.strip().lower()
    row = connection.execute(select(table).where((table.c.name == wanted) | (table.c.id == wanted))).first()
    if row is None:
        raise NotFoundError(f"there is no account {visible(name[:80])}", hint="see: trapline accounts list")
    return row


def _live_tokens(home: Home, connection: Connection, account_id: str | None = None) -> dict[str, int]:
    table = store.api_token
    query = select(table.c.account_id, func.count().label("many")).group_by(table.c.account_id)
    query = query.where(table.c.revoked_at == "", table.c.expires_at > home.now())
    if account_id is not None:
        query = query.where(table.c.account_id == account_id)
    return {row.account_id: row.many for row in connection.execute(query)}


def _other_ways(connection: Connection, account_id: str | None = None) -> set[str]:
    """Accounts that sign in by passkey or by a provider."""
    found: set[str] = set()
    for table in (passkey, identity):
        query = select(table.c.account_id)
        if account_id is not None:
            query = query.where(table.c.account_id == account_id)
        found |= set(connection.execute(query).scalars())
    return found


def _account(row: Row[Any], live: int, other_way: bool) -> OperatorAccount:
    signs_in = bool(row.password and row.sealed) or other_way
    invited = row.invited_until if row.invitation else ""
    return OperatorAccount(
        row.id, row.name, row.role, row.created_at, row.disabled_at, signs_in, invited, live
    )


def why(reason: str) -> dict[str, str]:
    """For the body of an entry: the reason, where one was given."""
    return {"reason": reason.strip()} if reason.strip() else {}


def _given(reason: str) -> str:
    if not reason.strip():
        raise TraplineError("this needs a reason", hint="it is kept in the ledger, with your name")
    return reason.strip()
