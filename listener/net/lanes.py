"""The front's journal in two lanes, so that what may be bait waits for nobody's noise.

    may be bait by the installation's sieve, small or of a network within its rate   -> first lane
    everything else                                                                  -> bulk lane, drained when idle

In the bulk lane a network has a share of the journal: of what comes beyond it the first `KEPT_BYTES` are kept, and once
three quarters of the journal are full it is refused. The last quarter is for others. Each network is an IPv4 /24, an
IPv6 /56 and the /48 around it; what was cut or refused is counted and told (`listener.net.overload`).

A token without a check of its own (an API key, a person's e-mail, bait of before the check) goes by its network's rate
like anything else: from a network that sends little it is in the first lane.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
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
_LIKELY_A_SECOND, _LIKELY_AT_ONCE = 50.0, 500.0
"""More of them, and large ones, that may be bait by the sieve."""
_SHARE, _HOURS = 16, 1.0
"""A network fills one in so many bytes of the journal in so many hours."""
_NEARLY_FULL = 0.75
_DISK = 4
"""The journal is given one in so many bytes of the disk at most."""
_EACH = 1000
"""Bytes that a sighting takes beside its raw ones, about."""
_RESERVE, _RESERVE_PART = 64 << 20, 50
"""Bytes of the disk, or one in so many, that no journal is written into: the back needs them to take in what waits."""
_LOOK_SECONDS = 1.0
_WORD = re.compile(rb"[A-Za-z0-9]{%d,%d}" % (PASSWORD_LENGTHS.start, PASSWORD_LENGTHS.stop))
_LOOKED_AT, _MOST_WORDS = 512, 8


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
        self._likely = Shares(_LIKELY_A_SECOND, _LIKELY_AT_ONCE)
        self._space = Shares(limit_bytes / _SHARE / (_HOURS * 3600), limit_bytes / _SHARE)
        self._looked_at, self._fill = -_LOOK_SECONDS, 0.0

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
        if sighting.size <= SMALL_BYTES and self._rate.take(networks, now):
            await self._first.append(sighting)
            return
        likely = self._may_be_bait(sighting) and self._likely.take(networks, now)
        shared = self._space.take(networks, now, len(sighting.raw) + _EACH)
        if not shared and not likely and full >= _NEARLY_FULL:
            self._overload.note("journal", "shed")
            raise JournalError("the journal is nearly full, and this network has had its share")
        if not shared and len(sighting.raw) > KEPT_BYTES:
            self._overload.note("journal", "cut")
            sighting = msgspec.structs.replace(sighting, raw=sighting.raw[:KEPT_BYTES])
        first = likely or full >= _NEARLY_FULL
        await (self._first if first else self._bulk).append(sighting)

    async def close(self) -> None:
        """Write what waits, then close the segments."""
        await self._first.close()
        await self._bulk.close()

    def _may_be_bait(self, sighting: Sighting) -> bool:
        words = _WORD.findall(sighting.raw[:_LOOKED_AT])[:_MOST_WORDS]
        return any(
            self._sieve.may_be_label(word) or self._sieve.may_be_secret(word)
            for word in map(bytes.decode, words)
        )

    def _full(self, now: float) -> float:
        """Which part of the journal is taken, as of a second ago at most."""
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at, self._fill = now, self._filled()
        return self._fill

    def _filled(self) -> float:
        """Of the journal's limit, or of what the disk has room for but for the back's reserve, where that is less."""
        try:
            bytes_held, disk = held(self._folder), shutil.disk_usage(self._folder)
        except OSError:  # the folder is gone: the next write says so
            return 0.0
        room = min(self._limit, bytes_held + disk.free - min(_RESERVE, disk.total // _RESERVE_PART))
        return bytes_held / room if room > 0 else 1.0
