"""Finding canaries in a dump, against ripgrep looking for the same strings, and against SHA-256 of the dump.

How the search goes with a hundred thousand and a million canaries is measured with indexes of made-up strings.
"""

from __future__ import annotations

import hashlib
import random
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks._homes import temporary_home
from benchmarks._machine import timed
from benchmarks._report import Report
from benchmarks._servers import have
from canaries.core.model import Canary, Token
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan.index import ScanIndex
from canaries.scan.scanner import scan
from canaries.scan.search import search
from canaries.scan.spellings import spellings

_MEGABYTES, _CANARIES, _PLANTED = 64, 1000, 50
_ROUNDS = 3
_MOST_FOR_GREP = 100_000
_RECORD = (
    "id",
    "kind",
    "memo",
    "owner",
    "recipient",
    "created_at",
    "expires_at",
    "seed",
    "parent",
    "text",
    "nonce",
)


def run(report: Report, scale: float = 1.0) -> None:
    """A dump of SQL and CSV lines with a few canaries in it, searched with a thousand known."""
    with temporary_home() as home:
        tokens = [minted.canary.tokens[0].value for minted in mint(home, "github-token", count=_CANARIES)]
        size = max(100_000, int(_MEGABYTES * scale * 1_000_000))
        dump, needles = home.path.parent / "dump.sql", home.path.parent / "needles"
        dump.write_bytes(b"".join(_lines(tokens[:_PLANTED], size)))
        needles.write_text("\n".join(tokens) + "\n")
        ours, hashes, greps = [], [], []
        for _ in range(max(1, round(_ROUNDS * scale))):
            ours.append(timed(lambda: _scan(home, dump))[0])
            hashes.append(timed(lambda: hashlib.sha256(dump.read_bytes()))[0])
            if have("rg"):
                greps.append(timed(lambda: _grep(needles, dump))[0])
    megabytes, mine = size / 1e6, statistics.median(ours)
    report.ratio("scan takes / SHA-256 of the dump", mine / statistics.median(hashes))
    if greps:
        report.ratio(f"scan takes / rg -F, {_CANARIES} canaries", mine / statistics.median(greps))
        report.figure("rg -F -j1", megabytes / statistics.median(greps), "MB/s")
    report.figure("scan", megabytes / mine, "MB/s")
    for count in (100_000, 1_000_000):
        _with_many(report, max(1000, int(count * scale)), min(size, 16_000_000))


def _with_many(report: Report, count: int, size: int) -> None:
    """The search alone, with ``count`` strings of which each is looked for plain, in hexadecimal and in Base64."""
    luck = random.Random(2)
    tokens = [f"key_{luck.getrandbits(128):032x}" for _ in range(count)]
    index = ScanIndex(bytes(32))
    record: dict[str, Any] = dict.fromkeys(_RECORD, "")
    index.add(
        (
            f"{number:016x}",
            spellings(Canary(**record, options={}, tokens=(Token("secret", token),), files=(), row={})),
        )
        for number, token in enumerate(tokens)
    )
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder, "dump.sql")
        dump.write_bytes(b"".join(_lines(tokens[:_PLANTED], size)))
        next(search(index, [dump]))  # the table is made by the first search
        took = statistics.median(timed(lambda: _search(index, dump))[1] for _ in range(3))
        needles = Path(folder, "needles")
        needles.write_text("\n".join(tokens) + "\n")
        # with a million it wants more memory than there is
        grep = timed(lambda: _grep(needles, dump))[0] if have("rg") and count <= _MOST_FOR_GREP else 0
    report.figure(f"search, {count:,} canaries, CPU", size / 1e6 / took, "MB/s")
    if grep:
        report.figure(f"rg -F -j1, {count:,} strings", size / 1e6 / grep, "MB/s")


def _search(index: ScanIndex, dump: Path) -> None:
    if (found := sum(1 for _ in search(index, [dump]))) != _PLANTED:
        raise AssertionError(f"{found} of {_PLANTED} canaries found")


def _lines(tokens: list[str], size: int) -> Iterator[bytes]:
    luck = random.Random(1)
    written, number, every = 0, 0, max(1, size // 120 // len(tokens))
    waiting = list(tokens)
    while written < size or waiting:
        number += 1
        note = waiting.pop() if waiting and number % every == 0 else f"{luck.getrandbits(160):040x}"
        mail = f"{luck.getrandbits(40):010x}@example.org"
        line = (
            f"INSERT INTO users VALUES ({number},'{mail}','$2b$12${luck.getrandbits(128):032x}','{note}');\n"
        )
        written += len(line)
        yield line.encode()


def _scan(home: Home, dump: Path) -> None:
    found = sum(1 for _ in scan(home, [dump]))
    if found < _PLANTED:
        raise AssertionError(f"{found} of {_PLANTED} canaries found")


def _grep(needles: Path, dump: Path) -> None:
    done = subprocess.run(
        ["rg", "-F", "-j1", "-c", "-f", str(needles), str(dump)], capture_output=True, text=True, check=True
    )
    if int(done.stdout) < _PLANTED:
        raise AssertionError(f"{done.stdout} of {_PLANTED} canaries found")
