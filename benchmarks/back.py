"""From journal to sealed ledger: recognise, derive, record, seal; against SQLite storing the same bytes."""

from __future__ import annotations

import asyncio
import base64
import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks._homes import browsing, paths, temporary_home, unknown_path
from benchmarks._machine import sync_seconds, timed
from benchmarks._raw_sqlite import insert
from benchmarks._report import Report
from canaries.core import clock
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.ingest.drain import BATCH, Drain
from listener.ingest.intake import Intake
from listener.journal.journal import Journal
from listener.protocol.candidates import Candidates
from listener.runtime.back import say, steady

_SIGHTINGS, _CANARIES, _SOURCES, _LOOT = 20_000, 200, 50, 20
_FRESH = 7
"""Sources met in a batch."""
_ROUNDS = 5
_LATENCIES = 10
_STRANGERS = 5000


def run(report: Report, scale: float = 1.0) -> None:
    """Throughput of a full journal, then how long a single sighting takes to become an alert."""
    _throughput(report, max(100, round(_SIGHTINGS * scale)))
    _strangers(report, max(100, round(_STRANGERS * scale)))
    _latency(report, max(1, round(_LATENCIES * scale)))


def _throughput(report: Report, count: int) -> None:
    ours, cpus, raws = [], [], []
    with temporary_home() as home, ExitStack() as stack:
        drain, intake, sealer = Drain(home, say), Intake(home, load(home)), LogSealer(home)
        stack.enter_context(_steadily())
        known = paths(home, _CANARIES)

        def work() -> None:
            while drain.step(intake.ingest):
                pass
            sealer.seal_once()
            sealer.checkpoint()

        sources = _sources(max(_FRESH, count * _SOURCES // _SIGHTINGS))
        some = list(_sightings(known, sources, count))
        report.figure("a source's first hit", _meet(home, known, sources, work), "ms")
        for number in range(_ROUNDS):
            share = some[number * count // _ROUNDS : (number + 1) * count // _ROUNDS]
            _journal(home, share)
            wall, cpu = timed(work)
            ours.append(len(share) / wall)
            cpus.append(cpu * 1e6 / len(share))
            raws.append(_raw(home.path.parent / f"raw-{number}.db", share))
        drain.close()
    rate, raw = statistics.median(ours), statistics.median(raws)
    report.ratio(f"whole way of a hit / SQLite insert of its bytes, {BATCH} a commit", rate / raw)
    report.figure("recognised, derived, recorded, sealed", rate, "hits/s", least=5000)
    report.figure("the same, CPU", statistics.median(cpus), "us/hit")
    report.figure("SQLite insert of the same bytes", raw, "rows/s")


def _strangers(report: Report, count: int) -> None:
    """What noise costs the back: requests without a token, and bodies of random bytes."""
    with temporary_home() as home, _steadily():
        intake = Intake(home, load(home))
        some = [_sighting(unknown_path(), f"198.51.100.{number % 250}", number) for number in range(count)]
        intake.ingest(some[:100], "", None)
        spent = [
            timed(lambda at=at: intake.ingest(some[at : at + BATCH], "", None))[1]
            for at in range(0, count, BATCH)
        ]
        report.figure("a request without a token, CPU", sum(spent) * 1e6 / count, "us", most=30)
        noise = random.Random(1).randbytes(3 << 18)
        for name, body in (("random bytes", noise), ("base64 of them", base64.b64encode(noise))):
            cpu = timed(lambda: Candidates(len(body)).look(body))[1]  # noqa: B023  called at once
            report.figure(f"looking through {len(body) >> 10} KB of {name}, CPU", cpu * 1e3, "ms")


@contextmanager
def _steadily() -> Iterator[None]:
    """The collector as the back sets it, for a while."""
    thresholds = gc.get_threshold()
    steady()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def _sources(count: int) -> list[str]:
    """Addresses here and there, as thieves are."""
    luck = random.Random(1)
    return [".".join(str(luck.randint(11, 99)) for _ in range(4)) for _ in range(count)]


def _sightings(known: list[str], sources: list[str], count: int) -> Iterator[Sighting]:
    """Bait used from each of ``sources`` in turn; each holds `_LOOT` of the canaries, some that others hold too."""
    luck = random.Random(1)
    for number in range(count):
        source = number % len(sources)
        canary = (source * len(known) // len(sources) + luck.randrange(_LOOT)) % len(known)
        yield _sighting(known[canary], sources[source], number)


def _meet(home: Home, known: list[str], sources: list[str], work: Callable[[], None]) -> float:
    """Milliseconds of CPU for a source never seen before: its look-ups, an alert."""
    spent = []
    for start in range(0, len(sources), _FRESH):
        some = sources[start : start + _FRESH]
        _journal(home, list(_sightings(known, some, len(some))))
        spent.append(timed(work)[1] * 1e3 / len(some))
    return statistics.median(spent)


def _sighting(path: str, source: str, number: int) -> Sighting:
    raw = browsing(path, number)
    return Sighting(
        id=f"{clock.micros():014x}{random.randbytes(9).hex()}",  # as the front draws them
        trap="http",
        observed_at=clock.micros(),
        peer=(source, 40_000 + number % 20_000),
        local=("192.0.2.5", 80),
        transport="tcp",
        raw=raw,
        size=len(raw),
        front="0123456789abcdef",
        number=number,
        connection=number,
        clock={"source": "ntp", "offset_us": 250, "checked_at": "2026-01-01T00:00:00.000000Z"},
        answer="page 404",
    )


def _journal(home: Home, sightings: list[Sighting]) -> None:
    """As the front would have written them under load: 64 requests at a time."""

    async def write() -> None:
        journal = Journal(home.journal_folder, home.keys.journal_public)
        for start in range(0, len(sightings), 64):
            await asyncio.gather(*map(journal.append, sightings[start : start + 64]))
        await journal.close()

    asyncio.run(write())


def _raw(path: Path, sightings: list[Sighting]) -> float:
    """Rows a second of plain SQLite, as durable, in transactions of the same size."""
    rows = [(sighting.id, sighting.raw) for sighting in sightings]
    wall, _ = timed(lambda: insert(path, rows, BATCH))
    return len(rows) / wall


@contextmanager
def _back(home: Home) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "listener.runtime.back", "--home", str(home.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.terminate()


def _latency(report: Report, count: int) -> None:
    """From the journal's sync to the line in a file channel, each time of another canary; the back is idle."""
    with temporary_home('[channels.out]\ntype = "file"\npath = "/dev/null"\n') as home:
        alerts = home.path / "alerts.jsonl"
        toml = home.path / "trapline.toml"
        toml.write_text(toml.read_text().replace("/dev/null", str(alerts)))
        known = paths(home, count + 1)
        with _back(home):
            _told(home, known[0], alerts, 1)  # starting up is not what is measured
            waits = [_told(home, path, alerts, number) for number, path in enumerate(known[1:], 2)]
    wait = statistics.median(waits)
    report.ratio("idle: journal to alert / one sync of the disk", wait / sync_seconds())
    report.figure("idle: journal to alert", wait, "s", most=1)
    report.figure("idle: journal to alert, longest", max(waits), "s")


def _told(home: Home, path: str, alerts: Path, lines: int) -> float:
    """Seconds until the alert about a use of ``path`` stands in the file, as its ``lines``-th line."""
    _journal(home, [_sighting(path, f"198.51.100.{lines % 250 + 1}", lines)])  # another incident each time
    began = time.perf_counter()
    while not alerts.is_file() or alerts.read_bytes().count(b"\n") < lines:
        if time.perf_counter() - began > 30:
            raise TimeoutError("no alert in 30 seconds")
        time.sleep(0.002)
    return time.perf_counter() - began
