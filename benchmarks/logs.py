"""Following logs: a whole file taken in, with a hundred thousand canaries looked for, against SHA-256 of the file.

The time is the processor's, of everything that the listener does with the file but the taking in of hits.
"""

from __future__ import annotations

import hashlib
import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from benchmarks._homes import temporary_home
from benchmarks._machine import timed
from benchmarks._report import Report
from canaries.core.model import Token
from canaries.installation.home import Home
from canaries.mint.minting import last_epoch, mint
from canaries.scan.index import ScanIndex
from canaries.scan.spellings import spellings
from listener.evidence.sighting import Sighting
from listener.following.indexed_search import IndexedSearch
from listener.following.log_reader import LogReader
from listener.following.log_settings import FollowedLog
from listener.logs import source

_MEGABYTES, _CANARIES, _USED, _ROUNDS = 64, 100_000, 50, 3
_SHAPES = {
    "nginx": (
        '203.0.113.{n} - - [27/Nov/2026:08:00:00 +0000] "GET /alerts/{r:032x}?q={q} HTTP/1.1" 200 512 "-"'
        ' "Mozilla/5.0 (X11; Linux x86_64)"'
    ),
    "caddy": (
        '{{"level":"info","ts":1795766400.25,"msg":"handled request","request":{{"remote_ip":"203.0.113.{n}",'
        '"method":"GET","uri":"/alerts/{r:032x}?q={q}"}},"status":200}}'
    ),
    "auth": "Nov 27 08:00:00 db1 sshd[{n}]: Failed password for invalid user {q} from 203.0.113.{n} port 40001 ssh2",
}


class _Counter:
    """Takes hits in and forgets them."""

    hits = 0

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int:
        self.hits += len(sightings)
        return len(sightings)


def run(report: Report, scale: float = 1.0) -> None:
    """Each sort of log on its own."""
    count = max(1000, int(_CANARIES * scale))
    with temporary_home() as home, tempfile.TemporaryDirectory() as folder:
        [model] = [one.canary for one in mint(home, "url")]
        luck = random.Random(2)
        strings = [f"key_{luck.getrandbits(128):032x}" for _ in range(count)]
        index = ScanIndex(bytes(32), last_epoch(home))
        index.add(
            (f"{number:016x}", spellings(replace(model, tokens=(Token("secret", text),))))
            for number, text in enumerate(strings)
        )
        search = IndexedSearch(home)
        search.refresh()
        search._index = index
        for name, shape in _SHAPES.items():
            path, size = Path(folder, name), max(200_000, int(_MEGABYTES * scale * 1_000_000))
            path.write_bytes(b"".join(_lines(shape, strings[:_USED], size)))
            rounds = [_followed(home, name, path, search, number) for number in range(_ROUNDS)]
            took = statistics.median(rounds)
            hashed = statistics.median([_hashed(path) for _ in range(_ROUNDS)])
            report.figure(
                f"{name}, {count:,} canaries, CPU", path.stat().st_size / 1e6 / took, "MB/s", least=100
            )
            report.ratio(f"{name} takes / SHA-256 of the file", took / hashed)


def _followed(home: Home, name: str, path: Path, search: IndexedSearch, turn: int) -> float:
    """Processor seconds."""
    counter = _Counter()
    log = FollowedLog(f"{name}-{turn}", source(name), str(path), from_start=True)
    reader = LogReader(log, home.store, counter, search.places)
    took = timed(lambda: reader.look())[1]
    if counter.hits != _USED:
        raise AssertionError(f"{counter.hits} of {_USED} lines found")
    return took


def _hashed(path: Path) -> float:
    """Processor seconds."""
    return timed(lambda: hashlib.sha256(path.read_bytes()))[1]


def _lines(shape: str, used: list[str], size: int) -> Iterator[bytes]:
    luck = random.Random(1)
    written, number, waiting = 0, 0, list(used)
    every = max(1, size // 200 // len(used))
    while written < size or waiting:
        number += 1
        text = waiting.pop() if waiting and number % every == 0 else f"{luck.getrandbits(60):x}"
        line = shape.format(n=number % 250, r=luck.getrandbits(128), q=text).encode() + b"\n"
        written += len(line)
        yield line
