"""The front's journal in two lanes, so that what may be bait waits for nobody's noise.

    may be bait by the installation's sieve, of a network within its rate         -> first lane
    small, of a network within its rate, while all such are within that of all    -> first lane
    everything else                                                               -> bulk lane, drained when idle

In the bulk lane a network has a share of the journal: of what comes beyond it the first `KEPT_BYTES` are kept. The
fuller the journal, the fewer may write into it, since a thousand networks have a share each:

    from three quarters   what can be no bait is refused of a network that has had its share, cut of any other
    from nine tenths      that is refused of everybody; small sightings go on
    the last twentieth    is for what may be bait by the sieve

Each network is an IPv4 /24, an IPv6 /56 and the /48 around it; what was cut or refused is counted and told
(`listener.net.overload`).

A token without a check of its own (an API key, a person's e-mail, bait of before the check) goes by its network's rate
like anything else: from a network that sends little it is in the first lane, but while a thousand networks flood.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path

import msgspec

from canaries.core import clock
from canaries.crypto.sieve import PASSWORD_LENGTHS, Sieve
from listener.evidence.sighting import Sighting
from listener.journal.chain import FrameChain
from listener.journal.fronts import BULK
from listener.journal.journal import Journal, JournalError
from listener.journal.segment import held
from listener.net.addresses import neighbourhoods
from listener.net.overload import Overload
from listener.net.shares import Shares

SMALL_BYTES = 16_384
"""Larger ones are for the bulk lane, whoever sends them."""
KEPT_BYTES = 32_768
_A_SECOND, _AT_ONCE = 100.0, 2000.0
"""Small sightings of one network in the first lane."""
_ALL_A_SECOND, _ALL_AT_ONCE = 500.0, 4000.0
"""Of all networks together, and one more for each `_HEAVY` bytes: the back is kept busy by as many for a part of its
time only, whatever they say."""
_HEAVY = 2048
_LIKELY_A_SECOND, _LIKELY_AT_ONCE = 50.0, 500.0
"""More of them that may be bait by the sieve; a large one counts for as many as it is times larger."""
_SHARE, _HOURS = 16, 1.0
"""A network fills one in so many bytes of the journal in so many hours."""
_NEARLY_FULL, _FULL_FOR_NOISE, _FULL_FOR_ALL_BUT_BAIT = 0.75, 0.9, 0.95
_DISK = 4
"""The journal is given one in so many bytes of the disk at most."""
_EACH = 1000
"""Bytes that a sighting takes beside its raw ones, about."""
_RESERVE, _RESERVE_PART = 64 << 20, 50
"""Bytes of the disk, or one in so many, that no journal is written into: the back needs them to take in what waits."""
_LOOK_SECONDS = 1.0
_WORD = re.compile(
    rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[A-Za-z0-9]{%d,%d}"
    % (PASSWORD_LENGTHS.start, PASSWORD_LENGTHS.stop)
)
_RUN = re.compile(rb"[A-Za-z0-9-]{%d,}+" % PASSWORD_LENGTHS.start)
"""What such a word stands in: found in half the time."""
_LOOKED_AT, _MOST_WORDS = 512, 8
_EVERYBODY = (b"",)


class Lanes:
    """What a front appends to. Belongs to its event loop."""

    def __init__(
        self,
        folder: Path,
        public_key: bytes,
        sieve: Sieve,
        overload: Overload,
        *,
        segment_bytes: int = 64 << 20,
        limit_bytes: int = 4 << 30,
        front: str = "",
        key: bytes = b"",
        monotonic: Callable[[], float] = clock.monotonic,
    ) -> None:
        """``front``, ``key``: what frames are signed as and with (`listener.journal.fronts`); each lane is a chain."""
        self._folder, self._sieve, self._overload, self._monotonic = folder, sieve, overload, monotonic
        limit_bytes = self._limit = min(limit_bytes, shutil.disk_usage(folder).total // _DISK)
        self._first = Journal(
            folder,
            public_key,
            segment_bytes=segment_bytes,
            limit_bytes=limit_bytes,
            chain=FrameChain(front, key),
        )
        self._bulk = Journal(
            folder,
            public_key,
            segment_bytes=segment_bytes,
            limit_bytes=int(limit_bytes * _NEARLY_FULL),
            bulk=True,
            chain=FrameChain(f"{front}{BULK}" if front else "", key),
        )
        self._rate = Shares(_A_SECOND, _AT_ONCE)
        self._all = Shares(_ALL_A_SECOND, _ALL_AT_ONCE)
        self._likely = Shares(_LIKELY_A_SECOND, _LIKELY_AT_ONCE)
        self._space = Shares(limit_bytes / _SHARE / (_HOURS * 3600), limit_bytes / _SHARE)
        self._looked_at, self._held, self._room = -_LOOK_SECONDS, 0, 1

    @property
    def problem(self) -> str:
        """Why the last batch of a lane could not be written; empty where it was."""
        return self._first.problem or self._bulk.problem

    @property
    def refused(self) -> int:
        """Sightings that could not be written."""
        return self._first.refused + self._bulk.refused

    async def append(self, sighting: Sighting) -> None:
        """Return once the sighting is on disk. Raises JournalError where it is not."""
        now, networks = self._monotonic(), neighbourhoods(sighting.source[0])
        full = self._full(now)
        if full >= 1:
            raise JournalError("what is left of the disk or the journal is for the back", hint="make room")
        small = sighting.size <= SMALL_BYTES and self._rate.take(networks, now)
        if small and self._all.take(_EVERYBODY, now, 1 + len(sighting.raw) // _HEAVY):
            if full >= _FULL_FOR_ALL_BUT_BAIT and not self._may_be_bait(sighting):
                raise self._shed("what is left of the journal is for what may be bait")
            await self._write(self._first, sighting)
            return
        bait = self._may_be_bait(
            sighting
        )  # what follows is the same work for what may be bait and what may not
        weight = max(
            1.0, len(sighting.raw) / SMALL_BYTES
        )  # a large one keeps the back as long as many small ones
        likely = self._likely.take(networks, now, weight * bait) and bait
        shared = self._space.take(networks, now, len(sighting.raw) + _EACH)
        if likely:
            await self._write(self._first, self._cut(sighting) if not shared else sighting)
            return
        if full >= _FULL_FOR_NOISE or (full >= _NEARLY_FULL and not shared):
            raise self._shed("the journal is nearly full, and this network has had its share")
        late = full >= _NEARLY_FULL
        await self._write(
            self._first if late else self._bulk, self._cut(sighting) if late or not shared else sighting
        )

    async def _write(self, journal: Journal, sighting: Sighting) -> None:
        self._held += len(sighting.raw) + _EACH  # a second's bytes are more than a small journal
        await journal.append(sighting)

    def _shed(self, why: str) -> JournalError:
        self._overload.note("journal", "shed")
        return JournalError(why)

    def _cut(self, sighting: Sighting) -> Sighting:
        if len(sighting.raw) <= KEPT_BYTES:
            return sighting
        self._overload.note("journal", "cut")
        return msgspec.structs.replace(sighting, raw=sighting.raw[:KEPT_BYTES])

    async def close(self) -> None:
        """Write what waits, then close the segments."""
        await self._first.close()
        await self._bulk.close()

    def _may_be_bait(self, sighting: Sighting) -> bool:
        passed = False
        words = chain.from_iterable(map(_WORD.findall, _RUN.findall(sighting.raw[:_LOOKED_AT])))
        for found in islice(words, _MOST_WORDS):
            word = found.decode().replace("-", "")
            # all of it, whatever the first of them says: how long it takes tells nothing
            passed |= self._sieve.may_be_label(word) | self._sieve.may_be_secret(word)
        return passed

    def _full(self, now: float) -> float:
        """Which part of the journal is taken: as seen a second ago at most, with what was written since."""
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            self._look()
        return self._held / self._room if self._room > 0 else 1.0

    def _look(self) -> None:
        """What is held; and the limit, or what the disk has room for without the back's reserve, where that is less."""
        try:
            self._held, disk = held(self._folder), shutil.disk_usage(self._folder)
        except OSError:  # the folder is gone: the next write says so
            self._held, self._room = 0, self._limit
            return
        reserve = min(_RESERVE, disk.total // _RESERVE_PART)
        self._room = min(self._limit, self._held + disk.free - reserve)
