"""Sealing and verifying the ledger, against SHA-256 over the same bytes."""

from __future__ import annotations

import hashlib
import statistics

from sqlalchemy import select

from benchmarks._homes import temporary_home
from benchmarks._machine import timed
from benchmarks._report import Report
from canaries.core import store
from canaries.installation.home import Home
from canaries.ledger.entries import new_id
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify

_ENTRIES = 20_000
_ROUNDS = 3
_TEXT = "x" * 600
"""As long as a hit's entry is."""


def run(report: Report, scale: float = 1.0) -> None:
    """Write entries, seal, verify; each round in a fresh home."""
    count = max(10, round(_ENTRIES * scale))
    seals, verifies, hashes = [], [], []
    for _ in range(max(1, round(_ROUNDS * scale))):
        with temporary_home() as home:
            _write(home, count)
            sealer = LogSealer(home)
            seals.append(timed(lambda sealer=sealer: (sealer.seal_once(), sealer.checkpoint()))[0])  # type: ignore[misc]
            verifies.append(timed(lambda home=home: verify(home))[0])  # type: ignore[misc]
            hashes.append(_hash(home))
    seal, check, plain = (statistics.median(some) for some in (seals, verifies, hashes))
    report.ratio("sealing takes / SHA-256 of the entries", seal / plain)
    report.ratio("verifying takes / SHA-256 of the entries", check / plain)
    report.figure("sealed", count / seal, "entries/s")
    report.figure("verified", count / check, "entries/s")
    report.figure("SHA-256", count / plain, "entries/s")


def _write(home: Home, count: int) -> None:
    now = home.now()
    with home.store.write() as connection:
        items = [("noted", new_id(), now, "bench", {"text": _TEXT}) for _ in range(count)]
        home.writer.append(connection, items)  # type: ignore[arg-type]


def _hash(home: Home) -> float:
    with home.store.read() as connection:
        boxes = list(connection.execute(select(store.entry.c.sealed)).scalars())
    return timed(lambda: [hashlib.sha256(box).digest() for box in boxes])[0]
