"""A gibibyte of mixed access logs, with a hundred thousand canaries looked for, against SHA-256 of the same files.

First the logs are written and rotated while a follower reads them that is killed (SIGKILL) again and again: each use of
a canary has to be one hit, in the database, behind the ledger's transaction. Then all files are read once more by one
process, whose processor time is the figure, and whose malformed lines have to be those that were written.
"""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from benchmarks._homes import temporary_home
from benchmarks._machine import timed
from benchmarks._report import Report
from canaries.core import store
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.following.indexed_search import IndexedSearch
from listener.following.log_reader import LogReader
from listener.following.log_settings import FollowedLog
from listener.ingest.intake import Intake
from listener.logs import source

_BYTES, _CANARIES = 1 << 30, 100_000
_USES, _MALFORMED = 250, 1_000
"""In each log."""
_STEPS, _ROTATIONS, _KILLS = 32, 4, 6
_PATIENCE = 300.0
_COMBINED = (
    '203.0.113.{n} - - [27/Nov/2026:08:00:00 +0000] "GET /alerts/{r:032x}?q={q} HTTP/1.1" 200 512 "-"'
    ' "Mozilla/5.0 (X11; Linux x86_64)"'
)
_SHAPES = {
    "nginx": _COMBINED,
    "apache": _COMBINED,
    "caddy": (
        '{{"level":"info","ts":1795766400.25,"msg":"handled request","request":{{"remote_ip":"203.0.113.{n}",'
        '"method":"GET","uri":"/alerts/{r:032x}?q={q}"}},"status":200}}'
    ),
    "haproxy": (
        "203.0.113.{n}:40001 [27/Nov/2026:08:00:00.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ----"
        ' 1/1/1/1/0 0/0 "GET /alerts/{r:032x}?q={q} HTTP/1.1"'
    ),
}
_BROKEN = "\x16\x03\x01 no line of any access log {n}"


def run(report: Report, scale: float = 1.0) -> None:
    """All four logs in one folder, gone afterwards."""
    size, count = int(_BYTES * scale), max(4 * _USES, int(_CANARIES * scale))
    with tempfile.TemporaryDirectory(prefix="trapline-logs-") as folder:
        logs = {name: Path(folder, name, "access.log") for name in _SHAPES}
        for path in logs.values():
            path.parent.mkdir()
            path.touch()
        toml = "\n".join(
            f'[logs.{name}]\ntype = "{name}"\npath = "{path}"\nfrom_start = true'
            for name, path in logs.items()
        )
        with temporary_home(toml) as home:
            paths = [urlsplit(one.bait.row["url"]).path for one in mint(home, "url", count=count)]
            IndexedSearch(home).refresh()  # the index is made once, and every follower takes it up
            used = random.Random(3).sample(paths, 4 * _USES)
            kills = _written_and_followed(home, logs, used, size, _KILLS if scale > 0.1 else 1)
            report.figure("files written and rotated while they are read", size / 2**20, "MiB")
            report.figure("follower killed and started again", kills, "times")
            report.figure("uses of canaries, each one hit", len(used), "hits")
            _read_once(report, home, logs, len(used))


def _written_and_followed(home: Home, logs: dict[str, Path], used: list[str], size: int, kills: int) -> int:
    """How often the follower was killed. Raises AssertionError where a use is no hit, or two."""
    writers = {
        name: _pieces(shape, used[number::4], size // 4, number)
        for number, (name, shape) in enumerate(_SHAPES.items())
    }
    killed, luck = 0, random.Random(4)
    with ExitStack() as stack:
        follower = _follower(home, stack)
        until = time.monotonic() + _PATIENCE
        while _looked_at(home) < len(logs) and time.monotonic() < until:
            time.sleep(0.1)  # of a log that was never looked at, what was rotated is not read
        for step in range(_STEPS):
            for name, path in logs.items():
                with path.open("ab") as file:
                    file.write(next(writers[name]))
                if step % (_STEPS // _ROTATIONS) == _STEPS // _ROTATIONS - 1 and step < _STEPS - 1:
                    path.rename(path.with_name(f"access.log.{step}"))
                    path.touch()
            if step % (_STEPS // kills) == 2:
                time.sleep(luck.random())
                follower.send_signal(signal.SIGKILL)
                follower.wait()
                follower, killed = _follower(home, stack), killed + 1
        until = time.monotonic() + _PATIENCE
        while sum(_hits(home).values()) < len(used) and time.monotonic() < until:
            time.sleep(0.5)
        follower.send_signal(signal.SIGKILL)
        follower.wait()
    _check(home, len(used))
    return killed


def _check(home: Home, wanted: int) -> None:
    hits = _hits(home)
    if len(hits) != wanted or set(hits.values()) != {1}:
        raise AssertionError(
            f"{wanted} canaries were used once: {len(hits)} have hits, {sum(hits.values())} altogether"
        )


def _hits(home: Home) -> Counter[str]:
    """How many each canary has."""
    with home.store.read() as connection:
        return Counter(connection.execute(select(store.hit.c.canary_id)).scalars())


def _looked_at(home: Home) -> int:
    """How many logs were."""
    with home.store.read() as connection:
        query = select(store.drained.c.segment).where(store.drained.c.segment.endswith(":seen"))
        return len(connection.execute(query).all())


def _follower(home: Home, stack: ExitStack) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks._log_follower", str(home.path)]
    process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
    stack.callback(process.kill)
    if process.stdout is None or process.stdout.readline() != b"ready\n":
        raise AssertionError("the follower does not start")
    return process


def _read_once(report: Report, home: Home, logs: dict[str, Path], wanted: int) -> None:
    """Every file from its start, by this process. Raises AssertionError where lines or uses are missing."""
    search, taker = IndexedSearch(home), _TimedIntake(Intake(home, load(home)))
    search.refresh()
    files = [(name, path) for name, live in logs.items() for path in sorted(live.parent.iterdir())]
    hits = malformed = lines = 0
    took = hashed = 0.0
    total = sum(path.stat().st_size for _, path in files)
    for number, (name, path) in enumerate(files):
        alone = path.parent / f"alone-{number}"
        path.rename(alone)
        log = FollowedLog(f"again-{number}", source(name), str(alone), from_start=True)
        reader = LogReader(log, home.store, taker, search.places)
        hashed += timed(lambda one=alone: _hash(one))[1]  # type: ignore[misc]
        took += timed(lambda one=reader: one.look())[1]  # type: ignore[misc]
        lines, malformed = lines + reader.counts[0], malformed + reader.counts[1]
    hits = sum(_hits(home).values()) - wanted
    if (hits, malformed) != (wanted, len(logs) * _MALFORMED):
        raise AssertionError(f"read again: {hits} of {wanted} uses, {malformed} malformed lines")
    report.figure("lines, all files read once more", lines, "lines")
    report.figure("malformed lines, counted as they were written", malformed, "lines")
    report.figure(
        "read, searched, lines judged, CPU", total / 1e6 / (took - taker.seconds), "MB/s", least=100
    )
    report.figure("the same with the taking in of the hits, CPU", total / 1e6 / took, "MB/s")
    report.figure("a hit taken in, CPU", taker.seconds / wanted * 1e3, "ms")
    report.ratio("read, searched, judged / SHA-256 of the files", (took - taker.seconds) / hashed)


class _TimedIntake:
    """The real one; its time is told apart from that of the reading."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self.seconds = 0.0
        """Of the processor."""

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int:
        began = time.process_time()
        try:
            return self._intake.ingest(sightings, segment, offset)
        finally:
            self.seconds += time.process_time() - began


def _hash(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def _pieces(shape: str, used: list[str], size: int, seed: int) -> Iterator[bytes]:
    """A log in `_STEPS` parts, which end anywhere in a line."""
    luck = random.Random(seed)
    special = [shape.format(n=7, r=luck.getrandbits(128), q=path) for path in used]
    special += [_BROKEN.format(n=number) for number in range(_MALFORMED)]
    luck.shuffle(special)
    each = -(-len(special) // _STEPS)
    carried = b""
    for step in range(_STEPS):
        own = special[step * each : (step + 1) * each]
        text, written = list[str](), 0
        room = size // _STEPS // (len(own) + 1)
        for one in (*own, ""):
            begun = written
            while written - begun < room:
                line = shape.format(
                    n=luck.randrange(250), r=luck.getrandbits(128), q=f"{luck.getrandbits(60):x}"
                )
                text.append(line)
                written += len(line) + 1
            if one:
                text.append(one)
        data = carried + "\n".join(text).encode() + b"\n"
        cut = len(data) if step % (_STEPS // _ROTATIONS) == _STEPS // _ROTATIONS - 1 else len(data) - 17
        carried = data[cut:]
        yield data[:cut]
