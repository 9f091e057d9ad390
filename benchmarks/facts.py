"""What the facts of a hit cost, over the reference set of visitors: warm, the first time, starting, and in memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks._report import Report
from listener.facts import Source, Use
from listener.facts.derive import derive_all
from tools import attribution

_ROUNDS = 9


def run(report: Report, scale: float = 1.0) -> None:
    """Processor time; a set of address and agent that was seen before is what warm means."""
    about, visits = attribution.read()
    uses = [visit.use() for visit in visits]
    before = _resident()
    with tempfile.TemporaryDirectory(prefix="bench-facts-") as folder:
        began = time.process_time()
        asked = attribution.sources(Path(folder), visits, about["sources"]["tor"])
        started = time.process_time() - began
        rounds = [_round(asked, uses) for _ in range(1 + max(1, round(_ROUNDS * scale)))]
    report.figure("start of the sources, CPU", started, "s", most=1.5)
    report.figure("a hit's facts, first time", rounds[0], "us")
    report.figure("a hit's facts, warm", min(rounds[1:]), "us", most=60)
    report.ratio("first time / warm", rounds[0] / min(rounds[1:]))
    report.figure("memory of the sources and their data", _resident() - before, "MB")


def _round(asked: Sequence[Source], uses: Sequence[Use]) -> float:
    began = time.process_time()
    for use in uses:
        derive_all(asked, use)
    return (time.process_time() - began) / len(uses) * 1e6


def _resident() -> float:
    """Megabytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6
