"""Hits answered and on disk: the front against itself without its journal, and against bare Flask under gunicorn."""

from __future__ import annotations

import statistics
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks._homes import browsing, paths, temporary_home, unknown_path
from benchmarks._load import Outcome, drive
from benchmarks._machine import cpu_seconds
from benchmarks._report import Report
from benchmarks._servers import Server, flask, front
from canaries.installation.home import Home

CONNECTIONS = (1, 16, 64)
_ROUNDS, _SECONDS = 5, 1.0
_SHORTEST = 0.1
_WANTED_AT = 64

FRONT, BARE, FLASK = "front with journal", "front without journal", "bare Flask, gunicorn gthread"


@dataclass(frozen=True, slots=True)
class Round:
    """One server under load for a moment."""

    outcome: Outcome
    cpu_us: float
    """CPU of the server's process an answer, microseconds."""


def run(report: Report, scale: float = 1.0) -> None:
    """Load the three servers in turn, at 1, 16 and 64 connections."""
    with temporary_home() as home, ExitStack() as stack:
        servers = {
            FRONT: stack.enter_context(front(home)),
            BARE: stack.enter_context(front(home, "benchmarks._bare_front")),
            FLASK: stack.enter_context(flask()),
        }
        requests = _requests(home)
        for server in servers.values():
            drive(server.address, requests, 4, 0.2)  # warm
        for connections in CONNECTIONS:
            rounds: dict[str, list[Round]] = defaultdict(list)
            for _ in range(max(1, round(_ROUNDS * scale))):
                for name, server in servers.items():
                    rounds[name].append(
                        _measure(server, requests, connections, max(_SHORTEST, _SECONDS * scale))
                    )
            _tell(report, connections, rounds)


def _requests(home: Home) -> list[bytes]:
    """Bait and nothing in turn, as it comes: the front cannot tell them apart."""
    known = paths(home, 64)
    return [
        browsing(path, number)
        for number, pair in enumerate(zip(known, (unknown_path() for _ in known), strict=True))
        for path in pair
    ]


def _measure(server: Server, requests: list[bytes], connections: int, seconds: float) -> Round:
    before = cpu_seconds(server.pid)
    outcome = drive(server.address, requests, connections, seconds)
    if outcome.failed:
        raise ConnectionError(f"{outcome.failed} connections broke under load")
    return Round(outcome, (cpu_seconds(server.pid) - before) * 1e6 / outcome.answers)


def _tell(report: Report, connections: int, rounds: dict[str, list[Round]]) -> None:
    wanted = connections == _WANTED_AT
    rate = {name: statistics.median(one.outcome.rate for one in some) for name, some in rounds.items()}
    at = f"at {connections}"
    report.ratio(f"{at}: {FRONT} / {FLASK}", rate[FRONT] / rate[FLASK], least=5 if wanted else None)
    report.ratio(f"{at}: {FRONT} / {BARE}", rate[FRONT] / rate[BARE], least=0.4 if wanted else None)
    for name, some in rounds.items():
        ours = wanted and name == FRONT
        p99 = statistics.median(one.outcome.p99_ms for one in some)
        cpu = statistics.median(one.cpu_us for one in some)
        report.figure(f"{at}: {name}", rate[name], "hits/s")
        report.figure(f"{at}: {name}, p99", p99, "ms", most=25 if ours else None)
        report.figure(f"{at}: {name}, CPU", cpu, "us/hit", most=100 if ours else None)
