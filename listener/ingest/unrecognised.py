"""What held no token that is known: kept for some days, sealed, so that it can be looked at again.

A token may be minted after it was used (a copied page that becomes bait), and a decoder may learn an encoding. What
intake did not recognise is therefore appended to a file an hour in ``unrecognised`` under the home folder, sealed for
the back's own key, each sighting beside the tags of every candidate in it. New tokens are compared with those tags
alone; `trapline rescan` decodes everything anew.

Bounded: by days, by bytes altogether (the oldest hours go first), and by what one network may fill of an hour. It is no
evidence: it is written after the batch was taken in, without a sync, and whatever of it is torn is passed over.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from canaries.core import clock
from canaries.core.clock import from_micros
from canaries.crypto.sealed_box import BoxError, BoxOpener, BoxSealer
from listener.evidence.sighting import Sighting

if TYPE_CHECKING:
    from canaries.core.settings import UnrecognisedSettings
    from canaries.installation.home import Home

FOLDER = "unrecognised"
PREFIX = 8
"""Bytes of a tag that are kept of each candidate: a chance match is one in 2^64, and is then decoded anyway."""
_LENGTH = struct.Struct(">I")
_LONGEST_FRAME = 256 << 20
_PURPOSE = "unrecognised"
_SHARES = 64
"""Of an hour's part of all the bytes, one network gets one in so many, but at least `_LEAST` bytes."""
_LEAST = 1 << 20
_MOST_NETWORKS = 10_000


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """One sighting that held no known token."""

    sighting: Sighting
    tags: bytes
    """The first `PREFIX` bytes of the tag of each candidate, one after the other."""


class UnrecognisedStore:
    """The folder. One writer: the back."""

    def __init__(self, home: Home) -> None:
        self._settings: UnrecognisedSettings = home.settings.unrecognised
        self._folder = home.path / FOLDER
        self._limit = min(self._settings.limit_mb << 20, shutil.disk_usage(home.path).total // 10)
        self._keys = home.keys
        self._hour = ""
        self._used: dict[str, int] = {}
        self.passed_over = 0
        """Sightings that were not kept because their network had its share."""

    def keep(self, found: Sequence[tuple[Sighting, Sequence[Set[bytes]]]]) -> None:
        """Append sightings with the tags of their candidates, in sets that need not differ. Raises OSError."""
        if not self._settings.keep or not found:
            return
        hour = from_micros(clock.micros()).strftime("%Y%m%d%H")
        if hour != self._hour:
            self._hour, self._used = hour, {}
            self.trim()
        kept = [
            Kept(sighting, b"".join(map(_prefixes, tags))) for sighting, tags in found if self._room(sighting)
        ]
        if not kept:
            return
        frame = BoxSealer(self._keys.journal_public, _PURPOSE).seal(msgspec.msgpack.encode(kept))
        path = self._folder / f"{self._hour}.kept"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(_LENGTH.pack(len(frame)) + frame)

    def since(self, moment_us: int) -> Iterator[Sighting]:
        """Sightings from then on, oldest first. Raises TraplineError where the key is missing."""
        for kept in self.read(from_micros(moment_us).strftime("%Y%m%d%H")):
            yield from (one.sighting for one in kept if one.sighting.observed_at >= moment_us)

    def read(self, first_hour: str = "") -> Iterator[list[Kept]]:
        """What is kept, oldest first. Raises TraplineError where the key is missing."""
        opener = BoxOpener(self._keys.journal, _PURPOSE)
        decoder = msgspec.msgpack.Decoder(list[Kept])
        for path in self._files():
            for frame in _frames(path) if path.stem >= first_hour else ():
                try:
                    yield decoder.decode(opener.open(frame))
                except (BoxError, msgspec.DecodeError):
                    continue  # torn, changed or of another installation: no evidence, and no reason to stop

    def trim(self) -> None:
        """Remove what is too old, and the oldest of what is too much."""
        files = self._files()
        oldest = from_micros(clock.micros() - self._settings.days * 86_400_000_000).strftime("%Y%m%d%H")
        sizes = {path: path.stat().st_size for path in files}
        total = sum(sizes.values())
        for path in files:
            if path.stem >= oldest and total <= self._limit and self._settings.keep:
                return
            path.unlink(missing_ok=True)
            total -= sizes[path]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.kept")) if self._folder.is_dir() else []

    def _room(self, sighting: Sighting) -> bool:
        """Charge the sighting to its network; whether that has some of its share left."""
        network = _network(sighting.source[0])
        if network not in self._used and len(self._used) >= _MOST_NETWORKS:
            network = "others"
        share = max(_LEAST, self._limit // (24 * max(1, self._settings.days)) // _SHARES)
        used = self._used.get(network, 0) + len(sighting.raw) + 500
        if used > share:
            self.passed_over += 1
            return False
        self._used[network] = used
        return True


def _prefixes(tags: Set[bytes]) -> bytes:
    return _remembered(tags) if isinstance(tags, frozenset) else _joined(tags)


def _joined(tags: Set[bytes]) -> bytes:
    return b"".join(sorted(tag[:PREFIX] for tag in tags))


_remembered = lru_cache(1024)(_joined)
"""Of the tags that many sightings share."""


@lru_cache(4096)
def _network(address: str) -> str:
    """IPv4 by /24, IPv6 by /48."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> (8 if parsed.version == 4 else 80))


def _frames(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
                length = _LENGTH.unpack(head)[0]
                frame = file.read(length) if length <= _LONGEST_FRAME else b""
                if len(frame) < length or not frame:
                    return
                yield frame
    except FileNotFoundError:  # trimmed meanwhile
        return
