"""Finding canaries in a dump, against ripgrep looking for the same strings, and against SHA-256 of the dump."""

from __future__ import annotations

import hashlib
import random
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks._homes import temporary_home
from benchmarks._machine import timed
from benchmarks._report import Report
from benchmarks._servers import have
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan.scanner import scan

_MEGABYTES, _CANARIES, _PLANTED = 64, 1000, 50
_ROUNDS = 3


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
