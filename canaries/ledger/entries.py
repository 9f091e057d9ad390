"""Entries: everything that happens is one line in the append-only, sealed ledger.

Writing an entry is two things: its line goes into a box for the vault (nobody who writes can read back), its leaf
hash goes beside it. The 16-byte nonce in each line keeps the hash from being guessed; erasing the box erases both.
Any number of writers insert; `canaries.ledger.sealer` alone gives them their order.

What is written is of version 2 (`canaries.ledger.parts`). What release 0.1 wrote is one JSON object, and stays valid:

    {"at":"2026-…Z","body":{…},"by":"alice","entry":"minted","id":"…","nonce":"…","v":1}
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import Connection, select

from canaries.core import clock, store
from canaries.core.errors import LedgerError
from canaries.crypto import sealed_box
from canaries.ledger import parts
from canaries.ledger.merkle import leaf_hash
from canaries.ledger.parts import CaseKeys, EntryHeader, PartsError

Kind = Literal[
    "minted", "retired", "amended", "scanned", "planted", "checked", "backed-up", "restored", "unplanted",
    "hit", "derived", "alerted", "alert-failed", "noted", "assessed", "rated", "regrouped", "revealed",
    "exported", "opened", "held", "erased", "setting", "heartbeat", "operator", "proposed", "started",
    "received", "stamped", "account", "sign-in", "issued", "copied", "delivered", "withdrawn", "looked-up",
]  # fmt: skip
"""What an entry can be about; a mistyped one fails in the type checker and in `line`."""

KINDS: frozenset[str] = frozenset(get_args(Kind))
Item = tuple[Kind, str, str, str, Mapping[str, Any]]
"""(kind, id, at, by, body) of an entry."""
_Split = tuple[str, str, str, Mapping[str, Any], bytes, Sequence[bytes]]
"""(kind, id, at, body, nonce, parts)."""

_NONCES = 16

_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the ledger, opened."""

    id: str
    kind: str
    at: str
    by: str
    body: dict[str, Any]
    line: bytes
    """The exact bytes that are sealed."""
    seq: int | None
    """Its place in the log, or None while no sealer has ordered it."""
    leaf: bytes = b""
    """Its leaf hash."""
    header: EntryHeader | None = None
    """What its leaf hash is of; None for version 1."""

    @property
    def allowed(self) -> dict[str, str]:
        """Which role allowed it, and by which session or token; empty where it was done with a shell and the keys."""
        return dict(parts.merged(self.line).get("allowed", {}))


def canonical(value: object) -> bytes:
    """A mapping or dataclass as one line of JSON: keys sorted, no spaces, UTF-8.

    No floats: times and amounts are strings and integers.
    """
    return _encode(value)


_turn = threading.Lock()
_last = (0, 0)


def new_id() -> str:
    """A UUIDv7 (RFC 9562, 5.7) as 32 hexadecimal digits; within a process each is greater than the one before (6.2)."""
    global _last
    with _turn:
        moment = clock.micros() // 1000
        if moment > _last[0]:
            tail = secrets.randbits(74)
        else:
            moment, tail = _last[0], _last[1] + 1 + secrets.randbits(32)
            if tail >> 74:
                moment, tail = moment + 1, secrets.randbits(73)
        _last = (moment, tail)
    value = moment << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return f"{value:032x}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is written down and not yet in the database, so that it can be signed before any row is locked."""

    id: str
    kind: str
    at: str
    by: str
    body: Mapping[str, Any]
    nonce: bytes
    parts: tuple[bytes, ...]
    """As in `canaries.ledger.parts`; a signature is one more."""


def draft(
    kind: Kind,
    at: str,
    by: str,
    body: Mapping[str, Any],
    allowed: Mapping[str, str] | None = None,
    *,
    entry_id: str = "",
    nonce: bytes = b"",
) -> Draft:
    """An entry; its id and its 16 random bytes are drawn here where they are not given.

    ``allowed`` stands in the line of what came through console or API: ``{"role": ..., "token": ...}``.
    """
    entry_id, nonce = entry_id or new_id(), nonce or secrets.token_bytes(parts.NONCE_BYTES)
    pieces = parts.split(_known(kind), entry_id, at, by, body, allowed)
    return Draft(entry_id, kind, at, by, body, nonce, tuple(pieces))


def _known(kind: Kind) -> Kind:
    if kind not in KINDS:
        raise ValueError(f"no entry is called {kind!r}")
    return kind


class EntryWriter:
    """Puts entries into the database. Needs the vault's public key, and to tag them the keys of cases."""

    def __init__(
        self,
        database: store.Store,
        vault_public: bytes,
        allowed: Mapping[str, str] | None = None,
        cases: CaseKeys | None = None,
    ) -> None:
        self._store, self._allowed, self._cases = database, allowed, cases
        self._sealer = sealed_box.BoxSealer(vault_public, "vault")
        self._lock = threading.Lock()

    def seal(self, plain: bytes, context: str) -> bytes:
        """A box for the vault; ``context`` is the id of the row it is stored in."""
        with self._lock:
            return self._sealer.seal(plain, context.encode())

    def seal_each(self, items: Iterable[tuple[bytes, str]]) -> list[bytes]:
        """A box for each (content, context)."""
        with self._lock:
            return self._sealer.seal_each((plain, context.encode()) for plain, context in items)

    def append(self, connection: Connection, items: Iterable[Item]) -> list[bytes]:
        """Add entries in the caller's transaction; the leaf hashes come back. Each is sealed as it comes from
        ``items``, so that the bodies of a large batch may be made one by one."""
        return self._put(connection, self._split(items))

    def _split(self, items: Iterable[Item]) -> Iterator[_Split]:
        size, nonces = parts.NONCE_BYTES, b""
        for kind, entry_id, at, by, body in items:
            if not nonces:  # many at a time: each draw is a system call
                nonces = secrets.token_bytes(_NONCES * size)
            pieces = parts.split(_known(kind), entry_id, at, by, body, self._allowed)
            yield kind, entry_id, at, body, nonces[:size], pieces
            nonces = nonces[size:]

    def put(self, connection: Connection, *drafts: Draft) -> list[bytes]:
        """Add what is written down, in the caller's transaction; the leaf hashes come back."""
        written = ((one.kind, one.id, one.at, one.body, one.nonce, one.parts) for one in drafts)
        return self._put(connection, written)

    def _put(self, connection: Connection, written: Iterable[_Split]) -> list[bytes]:
        heads: list[tuple[str, str, str, bytes]] = []

        def lines() -> Iterator[tuple[bytes, str]]:
            for kind, entry_id, at, body, nonce, pieces in written:
                line, leaf = parts.sealed(kind, body, nonce, pieces, self._cases)
                heads.append((entry_id, kind, at, leaf))
                yield line, entry_id

        boxes = self.seal_each(lines())
        rows = [(*head, box) for head, box in zip(heads, boxes, strict=True)]
        self._store.bulk(connection, store.entry, rows)
        self._store.bulk(connection, store.unsealed, [(head[0], head[3]) for head in heads])
        return [head[3] for head in heads]

    def record(self, connection: Connection, kind: Kind, at: str, by: str, body: Mapping[str, Any]) -> str:
        """Add one entry; its id comes back."""
        entry_id = new_id()
        self.append(connection, [(kind, entry_id, at, by, body)])
        return entry_id


class EntryReader:
    """Opens entries. Needs the vault's private key."""

    def __init__(self, vault: bytes) -> None:
        self._opener = sealed_box.BoxOpener(vault, "vault")

    def open(self, sealed: bytes, context: str) -> bytes:
        """What is in a box. Raises LedgerError where it was changed."""
        try:
            return self._opener.open(sealed, context.encode())
        except sealed_box.BoxError as error:
            raise LedgerError(f"the record {context} does not open: {error}") from error

    def entry(self, entry_id: str, sealed: bytes, digest: bytes, seq: int | None = None) -> Entry:
        """One entry, checked against its leaf hash. Raises LedgerError."""
        text, header = self._line(entry_id, sealed, digest)
        try:
            value = parts.merged(text)
        except (PartsError, msgspec.DecodeError) as error:
            raise LedgerError(f"entry {entry_id} cannot be read: {error}") from error
        said = (value["id"], value["entry"], value["at"], value["by"], value["body"])
        return Entry(*said, text, seq, digest, header)

    def _line(self, entry_id: str, sealed: bytes, digest: bytes) -> tuple[bytes, EntryHeader | None]:
        text = self.open(sealed, entry_id)
        try:
            header = parts.header(text)
        except PartsError:
            header = None
        if (header.leaf if header else leaf_hash(text)) != digest:
            raise LedgerError(f"entry {entry_id} does not match its leaf hash")
        return text, header

    def entries(self, connection: Connection, kind: str | None = None) -> Iterator[Entry]:
        """All entries that were not erased, oldest first by id; only of ``kind`` where given."""
        table = store.entry
        query = (
            select(table.c.id, table.c.sealed, table.c.hash, store.leaf.c.seq)
            .join(store.leaf, store.leaf.c.entry_id == table.c.id, isouter=True)
            .where(table.c.sealed.is_not(None))
            .order_by(table.c.id)
        )
        if kind is not None:
            query = query.where(table.c.kind == kind)
            if kind not in store.NOT_ACTS:
                query = query.where(store.ACTED)  # there is an index of these few
        for row in connection.execution_options(yield_per=500).execute(query):
            yield self.entry(row.id, row.sealed, row.hash, row.seq)

    def fetch(self, connection: Connection, ids: Sequence[str]) -> dict[str, Entry]:
        """The entries with these ids that were not erased."""
        return {
            row.id: self.entry(row.id, row.sealed, row.hash, row.seq) for row in self._rows(connection, ids)
        }

    def headers(self, connection: Connection, ids: Sequence[str]) -> dict[str, EntryHeader]:
        """The headers of those of version 2 that were not erased. Raises LedgerError."""
        found = ((row.id, self._line(row.id, row.sealed, row.hash)[1]) for row in self._rows(connection, ids))
        return {entry_id: header for entry_id, header in found if header}

    def lines(self, connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
        """The exact bytes of these entries, without reading what they say. Raises LedgerError."""
        return {row.id: self._line(row.id, row.sealed, row.hash)[0] for row in self._rows(connection, ids)}

    def _rows(self, connection: Connection, ids: Sequence[str]) -> Iterator[Any]:
        table = store.entry
        for start in range(0, len(ids), 500):
            query = (
                select(table.c.id, table.c.sealed, table.c.hash, store.leaf.c.seq)
                .join(store.leaf, store.leaf.c.entry_id == table.c.id, isouter=True)
                .where(table.c.id.in_(ids[start : start + 500]), table.c.sealed.is_not(None))
            )
            yield from connection.execute(query)
