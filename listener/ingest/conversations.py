"""A connection on which a canary was used stays recognised: what came before on it and what comes after is part of it.

A login shows the token; the commands behind it, and the banner or server name before it, mostly do not. So intake knows
each connection by its front and number: what shows no token on one that has shown a canary is an *act*, a hit that
follows the first. What came before waits here, bounded, for a token to come.

What was recognised is in the database, in the transaction of its hits, so another back goes on with it. What waits is
read again from what is kept unrecognised.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, delete, select

from canaries.core import store
from canaries.core.clock import from_micros, rfc3339, written_micros
from canaries.ledger.entries import new_id
from listener.evidence.sighting import Sighting
from listener.ingest.matcher import Match, Owner

if TYPE_CHECKING:
    from canaries.core.store import Store

MOST_ACTS = 500
"""Of one connection; what comes after them is counted only."""
MOST_WAITING = 64
"""Sightings that wait on one connection, the first ones."""
_WAITING, _WAITING_BYTES = 20_000, 32 << 20
"""Altogether; the connections that have waited longest go first."""
_REMEMBERED_US = 86_400_000_000
"""For how long after its last sighting a connection is known; none lasts longer."""

Key = tuple[str, int]
"""Front process and number of the connection."""


class RecognisedSighting(msgspec.Struct, frozen=True):
    """One sighting that concerns one canary, and how."""

    sighting: Sighting
    match: Match
    hit_id: str
    follows: str = ""
    """The hit that this one belongs to; empty: it stands on its own."""
    part: str = ""
    """``act``: no token in it, the connection showed one; ``lookup``: a name asked for beside a use; else empty."""


class ShownCanary(msgspec.Struct, frozen=True):
    """A canary that a connection has shown."""

    owner: Owner
    hit_id: str
    """The first hit of it on this connection."""


@dataclass(slots=True)
class ConversationState:
    """What is known of one connection."""

    shown: dict[str, ShownCanary] = field(default_factory=dict)
    """By the canary's id, the one shown last at the end: what follows is its."""
    acts: int = 0
    waiting: tuple[Sighting, ...] = ()

    def copy(self) -> ConversationState:
        return ConversationState(dict(self.shown), self.acts, self.waiting)


def connection_of(sighting: Sighting) -> Key | None:
    """Which connection it came on; None where that tells nothing: UDP, and a proxy's connection that many share."""
    shared = sighting.via is not None and sighting.via.get("how") != "proxy-protocol"
    if sighting.transport != "tcp" or not sighting.connection or shared:
        return None
    return sighting.front, sighting.connection


class Conversations:
    """The connections that are known, of one back. Not thread safe."""

    def __init__(self, database: Store, now_us: int, waiting: Iterable[Sighting] = ()) -> None:
        """``waiting``: unrecognised sightings of the last minutes, oldest first. Raises StoreError."""
        self._recognised: dict[Key, ConversationState] = {}
        self._waiting: OrderedDict[Key, ConversationState] = OrderedDict()
        self._held = self._held_bytes = 0
        self._trimmed_at = now_us
        with database.write() as connection:
            _trim(connection, now_us)
            self._load(connection)
        for sighting in waiting:
            key = connection_of(sighting)
            if key is not None and key not in self._recognised:
                state = self._waiting.get(key)
                self.put(key, _waits(state.copy() if state else ConversationState(), sighting))

    def _load(self, connection: Connection) -> None:
        table, canary = store.conversation, store.canary
        query = (
            select(table, canary.c.kind, canary.c.created_at, canary.c.expires_at, canary.c.label)
            .join(canary, canary.c.id == table.c.canary_id)
            .order_by(table.c.last_at, table.c.hit_id)
        )
        for row in connection.execute(query):
            state = self._recognised.setdefault((row.front, row.connection), ConversationState())
            state.acts = max(state.acts, row.acts)
            owner = Owner(
                row.canary_id, row.kind, row.facet, 0, row.created_at, row.expires_at, row.label or b""
            )
            state.shown[row.canary_id] = ShownCanary(owner, row.hit_id)

    def get(self, key: Key) -> ConversationState | None:
        """What is known of a connection."""
        return self._recognised.get(key) or self._waiting.get(key)

    def put(self, key: Key, state: ConversationState) -> None:
        """Replace what is known of a connection."""
        self._weigh(self._waiting.pop(key, None), -1)
        if state.shown:
            self._recognised[key] = state
            return
        self._waiting[key] = state
        self._weigh(state, 1)
        while self._held > _WAITING or self._held_bytes > _WAITING_BYTES:
            self._weigh(self._waiting.popitem(last=False)[1], -1)

    def _weigh(self, state: ConversationState | None, sign: int) -> None:
        if state is not None:
            self._held += sign * len(state.waiting)
            for sighting in state.waiting:
                self._held_bytes += sign * len(sighting.raw)

    def forget_old(self, connection: Connection, now_us: int) -> None:
        """Forget, at most once an hour, what ended long ago."""
        if now_us - self._trimmed_at > 3_600_000_000:
            self._trimmed_at = now_us
            for key in _trim(connection, now_us):
                self._recognised.pop(key, None)


class ConversationDraft:
    """What one batch adds; it counts once its transaction is committed."""

    def __init__(self, known: Conversations) -> None:
        self._known = known
        self._changed: dict[Key, ConversationState] = {}
        self._last_us: dict[Key, int] = {}

    def take(self, sighting: Sighting, matches: Sequence[Match]) -> list[RecognisedSighting]:
        """What this sighting, with the canaries that it shows, leads to; call it in the order of the journal."""
        key = connection_of(sighting)
        if key is None:
            return [RecognisedSighting(sighting, match, new_id()) for match in matches]
        state = self._changed.get(key)
        if state is None:
            before = self._known.get(key)
            state = self._changed[key] = before.copy() if before else ConversationState()
        self._last_us[key] = max(self._last_us.get(key, 0), sighting.observed_at)
        if not matches and not state.shown:
            _waits(state, sighting)
            return []
        if not matches:
            return _acted(state, (sighting,))
        found = []
        for match in matches:
            found += _used(state, sighting, match)
        return found

    def save(self, connection: Connection) -> None:
        """In the transaction of the hits."""
        if self._last_us:
            self._known.forget_old(connection, max(self._last_us.values()))
        table = store.conversation
        latest: list[tuple[str | int, ...]] = []
        earlier: list[tuple[str | int, ...]] = []
        for (front, number), state in self._changed.items():
            if not state.shown:
                continue
            at = written_micros(self._last_us[front, number])
            for canary, shown in state.shown.items():
                row = (front, number, canary, shown.hit_id, shown.owner.facet, state.acts, at)
                (latest if canary == next(reversed(state.shown)) else earlier).append(row)
        store.upsert_many(connection, table, latest, ("acts", "last_at"))
        store.upsert_many(connection, table, earlier, ("acts",))

    def commit(self) -> None:
        """After the transaction."""
        for key, state in self._changed.items():
            self._known.put(key, state)


def _waits(state: ConversationState, sighting: Sighting) -> ConversationState:
    if len(state.waiting) < MOST_WAITING:
        state.waiting += (sighting,)
    return state


def _used(state: ConversationState, sighting: Sighting, match: Match) -> list[RecognisedSighting]:
    """A canary is shown; what has waited for the first one on this connection belongs to it."""
    hit_id, before = new_id(), state.shown.pop(match.owner.canary_id, None)
    root = before.hit_id if before else ""
    state.shown[match.owner.canary_id] = ShownCanary(match.owner, root or hit_id)
    waiting, state.waiting = state.waiting, ()
    found = [RecognisedSighting(sighting, match, hit_id, root)]
    return [*found, *_acted(state, waiting)] if waiting else found


def _acted(state: ConversationState, sightings: Iterable[Sighting]) -> list[RecognisedSighting]:
    found = []
    shown = state.shown[next(reversed(state.shown))]
    for sighting in sightings:
        state.acts += 1
        if state.acts <= MOST_ACTS:
            match = Match(shown.owner, ())
            found.append(RecognisedSighting(sighting, match, new_id(), shown.hit_id, "act"))
    return found


def _trim(connection: Connection, now_us: int) -> list[Key]:
    table = store.conversation
    old = table.c.last_at < rfc3339(from_micros(now_us - _REMEMBERED_US))
    keys = [
        (row.front, row.connection)
        for row in connection.execute(select(table.c.front, table.c.connection).where(old))
    ]
    if keys:
        connection.execute(delete(table).where(old))
    return keys
