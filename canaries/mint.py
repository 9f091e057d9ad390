"""Minting: a kind makes the bait, the ledger gets an entry, the index gets the tokens' tags.

One *minted* entry stands for a batch: it lists each canary's id and the SHA-256 of its record, so that a single
record can be disclosed later, with its entry, without disclosing its neighbours. The record itself (bait, memo,
recipient, seed) lies in a box that only the vault's key opens; the index holds keyed tags. A hundred thousand
canaries are streamed in batches of `BATCH`, each one transaction: what was handed out is on disk.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from canaries import kinds, plugins, store
from canaries.box import Locker
from canaries.errors import MintError, SettingsError
from canaries.kinds import Kind, Order
from canaries.ledger import canonical, new_id
from canaries.model import Bait, Canary, Token
from canaries.settings import bind
from canaries.tokens import Stream, normal, tagger

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.home import Home

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Minted:
    """A canary fresh from the mint."""

    canary: Canary
    bait: Bait
    parts: tuple[Minted, ...] = ()
    """The canaries its bait carries."""

    def family(self) -> Iterator[Minted]:
        """This one and all it carries."""
        yield self
        for part in self.parts:
            yield from part.family()


def kind(name: str) -> Kind:
    """The kind called ``name``. Raises NotFoundError."""
    return plugins.pick(kinds.FOLDER, Kind, name, "kind")()  # type: ignore[type-abstract]


def options_of(chosen: Kind, given: Mapping[str, str]) -> Any:
    """``--set`` values as the kind's own options. Raises MintError naming the option."""
    try:
        return bind(chosen.Options, given, f"kind {chosen.name}", noun="option")
    except SettingsError as error:
        raise MintError(error.sentence, hint=error.hint) from error


def order(home: Home, seed: bytes, created_at: str, memo: str, recipient: str) -> Order:
    """What a kind is told, beside its options."""
    bait = home.settings.bait
    return Order(
        stream=Stream(seed),
        base_url=bait.base_url,
        domain=bait.domain,
        locale=bait.locale,
        created_at=created_at,
        memo=memo,
        recipient=recipient,
        shape=home.shape,
        front_key=home.keys.front,
        ca_pem=home.ca_pem,
    )


def mint(
    home: Home,
    kind_name: str,
    *,
    memo: str = "",
    recipient: str = "",
    owner: str | None = None,
    expires_at: str = "",
    options: Mapping[str, str] | None = None,
    count: int = 1,
) -> Iterator[Minted]:
    """Mint ``count`` canaries of one kind; each batch is on disk before its first canary is handed out.

    Raises NotFoundError (kind), MintError (options), StoreError (database).
    """
    chosen = kind(kind_name)
    given = dict(options or {})
    parsed = options_of(chosen, given)
    owner = owner or home.operator
    now = home.now()
    template = order(home, bytes(32), now, memo, recipient)
    press = _Press(home)
    while count > 0:
        size = min(count, BATCH)
        count -= size
        batch = []
        for _ in range(size):
            seed = secrets.token_bytes(32)
            bait = chosen.mint(dataclasses.replace(template, stream=Stream(seed)), parsed)
            draft = _Draft(chosen.name, bait, seed.hex(), given)
            batch.append(_minted(draft, now, memo, recipient, owner, expires_at, parent=""))
        press.record(batch, chosen.name, owner, now)
        yield from batch


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: str
    bait: Bait
    seed: str
    options: dict[str, str]


def _minted(
    draft: _Draft, now: str, memo: str, recipient: str, owner: str, expires_at: str, parent: str
) -> Minted:
    bait = draft.bait
    canary = Canary(
        id=secrets.token_hex(8),
        kind=draft.kind,
        memo=memo,
        owner=owner,
        recipient=recipient,
        created_at=now,
        expires_at=expires_at,
        options=draft.options,
        seed=draft.seed,
        parent=parent,
        tokens=bait.tokens,
        text=bait.text,
        files=tuple((file.path, file.sha256) for file in bait.files),
        row=bait.row,
        nonce=secrets.token_hex(16),
    )
    parts = tuple(
        _minted(_Draft(name, part, "", {}), now, memo, recipient, owner, expires_at, parent=canary.id)
        for name, part in bait.parts
    )
    return Minted(canary, bait, parts)


def record_line(canary: Canary) -> bytes:
    """The exact bytes of a canary's record; the *minted* entry holds their SHA-256."""
    return canonical(dataclasses.asdict(canary))


class _Press:
    """Puts batches of minted canaries into ledger and index."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._tag = tagger(home.keys.lookup)
        self._labels = Locker(home.keys.alerts)

    def record(self, batch: list[Minted], kind_name: str, owner: str, now: str) -> None:
        """One transaction for the whole batch."""
        everyone = [member for minted in batch for member in minted.family()]
        lines = [record_line(member.canary) for member in everyone]
        writer, entry_id = self._home.writer, new_id()
        canaries = [
            (
                member.canary.id,
                entry_id,
                member.canary.kind,
                now,
                member.canary.expires_at,
                "",
                member.canary.parent,
                writer.seal(line, member.canary.id),
                self._labels.seal(member.canary.memo.encode(), member.canary.id.encode()),
            )
            for member, line in zip(everyone, lines, strict=True)
        ]
        body = {
            "kind": kind_name,
            "count": len(everyone),
            "canaries": [
                [member.canary.id, hashlib.sha256(line).hexdigest()]
                for member, line in zip(everyone, lines, strict=True)
            ],
        }
        with self._home.store.write() as connection:
            epoch = _next_epoch(connection)
            self._home.store.bulk(connection, store.canary, canaries)
            self._home.store.bulk(connection, store.token, self._tags(everyone, epoch))
            writer.append(connection, [("minted", entry_id, now, owner, body)])

    def _tags(self, everyone: list[Minted], epoch: int) -> list[tuple[bytes, str, str, int, int]]:
        rows = []
        for member in everyone:
            for rank, token in enumerate(indexed(member.canary.tokens)):
                tag = self._tag(normal(token.value, folds=token.folds))
                rows.append((tag, member.canary.id, token.facet, rank, epoch))
        return rows


def indexed(tokens: tuple[Token, ...]) -> list[Token]:
    """The tokens strong enough to accuse on their own, strongest first."""
    return [token for token in tokens if not token.weak]


def _next_epoch(connection: Connection) -> int:
    """Count up, holding the row until the commit: epochs become visible in order, on PostgreSQL too."""
    table = store.meta
    query = select(table.c.value).where(table.c.name == "epoch").with_for_update()
    epoch = int(connection.execute(query).scalar_one()) + 1
    connection.execute(update(table).where(table.c.name == "epoch").values(value=str(epoch)))
    return epoch
