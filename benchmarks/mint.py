"""Minting in bulk, recorded and indexed; against SQLite taking in the same rows and nothing else."""

from __future__ import annotations

import statistics
from pathlib import Path

from sqlalchemy import select

from benchmarks._homes import temporary_home
from benchmarks._machine import timed
from benchmarks._raw_sqlite import insert
from benchmarks._report import Report
from canaries.core import store
from canaries.installation.home import Home
from canaries.mint.minting import BATCH, mint

_KINDS = {
    "url": (30_000, 30_000),
    "aws-key": (30_000, 30_000),
    "github-token": (30_000, 30_000),
    "openai-key": (30_000, 30_000),
    "user": (6_000, 3_000),
}
"""Kind: how many a round, how many a second are wanted."""
_ROUNDS = 3


def run(report: Report, scale: float = 1.0) -> None:
    """Each kind in turn, three times over."""
    rates: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    cpus: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    raws: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    for _ in range(max(1, round(_ROUNDS * scale))):
        for kind, (count, _) in _KINDS.items():
            with temporary_home() as home:
                some = max(10, round(count * scale))
                wall, cpu = timed(lambda kind=kind, some=some: _mint(home, kind, some))  # type: ignore[misc]
                rates[kind].append(some / wall)
                cpus[kind].append(cpu * 1e6 / some)
                raws[kind].append(some / _raw(home))
    for kind, (_, wanted) in _KINDS.items():
        rate, raw = statistics.median(rates[kind]), statistics.median(raws[kind])
        report.ratio(f"{kind} / SQLite insert of the same rows", rate / raw)
        report.figure(f"{kind}, recorded and indexed", rate, "/s", least=wanted)
        report.figure(f"{kind}, CPU", statistics.median(cpus[kind]), "us")


def _mint(home: Home, kind: str, count: int) -> None:
    for _ in mint(home, kind, count=count):
        pass


def _raw(home: Home) -> float:
    """Seconds that plain SQLite takes for what that minting has put into the two tables."""
    path: Path = home.path.parent / "raw.db"
    with home.store.read() as connection:
        canaries = [tuple(row) for row in connection.execute(select(store.canary))]
        tokens = [tuple(row) for row in connection.execute(select(store.token))]
    first, _ = timed(lambda: insert(path, canaries, BATCH))
    second, _ = timed(lambda: insert(path.with_name("raw-tokens.db"), tokens, BATCH))
    return first + second
