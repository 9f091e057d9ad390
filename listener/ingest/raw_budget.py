"""How many raw bytes one bait may bring into the database a day, so that whoever has it cannot fill the disk.

The first `PER_SOURCE` bytes of a source and `PER_CANARY` of all sources are kept whole, by the day of the observation;
less on a small disk, a tenth of it for one canary.
Of later uses the first `HEAD` bytes are kept; the hit's entry says how many came and the SHA-256 of those that the
journal held, so that a copy found elsewhere can be compared. The hit itself is always recorded.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from canaries.core import store
from listener.evidence.sighting import Sighting

if TYPE_CHECKING:
    from canaries.core.store import Store

PER_SOURCE = 16 << 20
PER_CANARY = 64 << 20
HEAD = 4096
_UNASKED = 4 << 20
"""Bytes of a canary from which on the database is asked what it holds from before the back was started."""
_MOST = 50_000


class RawBudget:
    """One per intake; not thread safe."""

    def __init__(self, database: Store, folder: Path) -> None:
        """``folder``: on the disk that the database is thought to be on."""
        self._store = database
        self._per_canary = min(PER_CANARY, shutil.disk_usage(folder).total // 10)
        self._per_source = min(PER_SOURCE, self._per_canary // 4)
        self._day = ""
        self._used: dict[tuple[str, bytes], int] = {}
        self._asked: set[str] = set()

    def kept(self, canary_id: str, tag: bytes, observed_at: str, sighting: Sighting) -> tuple[Sighting, str]:
        """The sighting with as much of its raw bytes as is kept, and the SHA-256 of all of them where some are not."""
        size = len(sighting.raw)
        if size <= HEAD or self._room(canary_id, tag, observed_at[:10], size):
            return sighting, ""
        whole = hashlib.sha256(sighting.raw).hexdigest()
        return msgspec.structs.replace(
            sighting, raw=sighting.raw[:HEAD], size=max(sighting.size, size)
        ), whole

    def _room(self, canary_id: str, tag: bytes, day: str, size: int) -> bool:
        if day > self._day or len(self._used) > _MOST:
            self._day = max(day, self._day)
            self._used.clear()
            self._asked.clear()
        own, all_ = (canary_id, tag), (canary_id, b"")
        used = self._used.get(all_, 0)
        if used > _UNASKED and canary_id not in self._asked:
            self._asked.add(canary_id)
            used = self._used[all_] = max(used, self._stored(canary_id, day))
        if used + size > self._per_canary or self._used.get(own, 0) + size > self._per_source:
            return False
        self._used[all_] = used + size
        self._used[own] = self._used.get(own, 0) + size
        return True

    def _stored(self, canary_id: str, day: str) -> int:
        hit, raw = store.hit, store.raw
        query = (
            select(func.sum(func.length(raw.c.sealed)))
            .join(hit, hit.c.id == raw.c.entry_id)
            .where(hit.c.canary_id == canary_id, hit.c.observed_at >= day)
        )
        with self._store.read() as connection:
            return int(connection.execute(query).scalar() or 0)
