"""How long the console's lists take over many canaries and hits, against a bare Flask page of the same size.

In one process, without sockets: what is compared is the work of the pages.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable

from flask import Flask

from benchmarks._homes import browsing, paths, temporary_home
from benchmarks._report import Report
from canaries.core import clock
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.mint.minting import mint
from listener.console.app import create_app
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import listing, queries
from listener.ingest.intake import Intake

CANARIES, HITS, USED = 1_000_000, 200_000, 2_000
_BATCH = 500
_ROUNDS = 7
_HOST = "127.0.0.1:4711"
_MOST_MS = 200


def run(report: Report, scale: float = 1.0) -> None:
    """Fill an installation, then ask each page in turn."""
    with temporary_home() as home:
        used = paths(home, max(1, round(USED * scale)))
        for one in mint(home, "url", memo="wiki: page", count=max(1, round(CANARIES * scale)) - len(used)):
            del one
        _hits(home, used, max(1, round(HITS * scale)))
        LogSealer(home).seal_once()
        hit = next(iter(queries.newest(home, 1)))
        app = create_app(home, host=_HOST)
        client = app.test_client()
        root = f"http://{_HOST}"
        client.get(f"/enter/{app.extensions['trapline'].doorkeeper.link()}", base_url=root)
        first, _ = listing.page(home)
        biggest = max(first, key=lambda one: one.hits)
        for path in (
            *("/health", "/hits", f"/hits/{hit.id}", "/incidents", f"/incidents/{biggest.id}"),
            *("/canaries", "/canaries?kind=url", "/canaries?words=page", "/canaries?words=nowhere"),
            *(
                "/canaries?state=retired",
                "/canaries?used=yes",
                f"/canaries/{hit.canary}",
                "/alerts",
                "/ledger",
            ),
            *("/canaries?owner=nobody", "/canaries?planted=yes", f"/canaries?words={hit.canary[:8]}"),
            *("/trail", "/placements", "/lookups", "/lookups/review"),
        ):
            size = len(client.get(path, base_url=root).get_data())
            bare = _bare(size)
            ours, floor, work = _medians(lambda path=path: client.get(path, base_url=root).get_data(), bare)
            name = (
                path.replace(hit.id, "ID")
                .replace(biggest.id, "ID")
                .replace(hit.canary, "ID")
                .replace(hit.canary[:8], "ID")
            )
            report.figure(f"{name}, {size:,} bytes", ours * 1e3, "ms", most=_MOST_MS)
            report.figure(f"{name}, CPU", work * 1e3, "ms")
            report.ratio(f"{name} / bare page", ours / floor)


def _bare(size: int) -> Callable[[], object]:
    app, text = Flask("bare"), "x" * size
    app.add_url_rule("/", view_func=lambda: text)
    client = app.test_client()
    return lambda: client.get("/").get_data()


def _medians(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float, float]:
    """Seconds of each, in rounds that take turns, and the seconds of processor time of the first."""
    walls: tuple[list[float], list[float]] = ([], [])
    work = []
    for _ in range(_ROUNDS):
        for kept, ask in zip(walls, (one, other), strict=True):
            began, busy = time.perf_counter(), time.process_time()
            ask()
            kept.append(time.perf_counter() - began)
            if ask is one:
                work.append(time.process_time() - busy)
    return statistics.median(walls[0]), statistics.median(walls[1]), statistics.median(work)


def _hits(home: Home, used: list[str], count: int) -> None:
    """Uses of ``used`` by a few thousand addresses, one canary far more than the others."""
    intake, numbers = Intake(home, load(home)), itertools.count(1)
    left = count
    while left:
        size = min(_BATCH, left)
        batch = [_sighting(next(numbers), used) for _ in range(size)]
        intake.ingest(batch, "0000", batch[-1].number)
        left -= size


def _sighting(number: int, used: list[str]) -> Sighting:
    path = used[0] if number % 4 == 0 else used[number % len(used)]
    raw = browsing(path, number)
    return Sighting(
        id=f"{number:032x}",
        trap="http",
        observed_at=clock.micros(),
        peer=(f"198.18.{number % 16}.{number // 16 % 250}", 40_000 + number % 20_000),
        local=("192.0.2.80", 80),
        transport="tcp",
        raw=raw,
        size=len(raw),
        front="0123456789abcdef",
        number=number,
        connection=number,
        clock={"source": "ntp", "offset_us": 250, "checked_at": "2026-01-01T00:00:00.000000Z"},
        answer="page 404",
    )
