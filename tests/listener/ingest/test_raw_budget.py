"""What one bait can bring into the database a day is bounded, and its uses are all recorded."""

from __future__ import annotations

import hashlib

import pytest

from canaries.core import clock, store
from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import queries
from listener.ingest import raw_budget
from listener.ingest.intake import Intake
from listener.ingest.raw_budget import HEAD, PER_CANARY, PER_SOURCE, RawBudget

BIG = 1 << 20
DAY = "2026-01-01T00:00:00.000000Z"


def sighting(raw: bytes, number: int = 1, source: str = "192.0.2.1") -> Sighting:
    return Sighting(
        id=f"{number:032x}", trap="http", observed_at=clock.micros(), peer=(source, 1), local=("127.0.0.1", 2),
        transport="tcp", raw=raw, size=len(raw), front="f", number=number, connection=1, clock={},
    )  # fmt: skip


def whole(budget: RawBudget, source: bytes, count: int, day: str = DAY) -> int:
    """Of so many large uses from one source, those that are kept whole."""
    return sum(not budget.kept("c", source, day, sighting(bytes(BIG)))[1] for _ in range(count))


def test_a_source_a_canary_and_a_day_have_their_bounds(home: Home) -> None:
    budget = RawBudget(home.store, home.path)
    assert whole(budget, b"a", 40) == PER_SOURCE // BIG
    assert sum(whole(budget, bytes([number]), 40) for number in range(10)) == (PER_CANARY - PER_SOURCE) // BIG
    assert whole(budget, b"a", 1, "2026-01-02T00:00:00.000000Z") == 1


def test_of_the_rest_the_head_is_kept_and_what_was_there_is_said(home: Home) -> None:
    budget, raw = RawBudget(home.store, home.path), b"GET /bait".ljust(BIG)
    whole(budget, b"a", 40)
    kept, digest = budget.kept("c", b"a", DAY, sighting(raw))
    assert (kept.raw, kept.size, digest) == (raw[:HEAD], BIG, hashlib.sha256(raw).hexdigest())
    small = sighting(b"GET /bait")
    assert budget.kept("c", b"a", DAY, small) == (small, "")


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_budget, "PER_CANARY", 300_000)
    monkeypatch.setattr(raw_budget, "PER_SOURCE", 1 << 20)
    monkeypatch.setattr(raw_budget, "_UNASKED", 50_000)


@pytest.mark.usefixtures("small_bounds")
def test_each_use_is_recorded_and_a_back_that_was_started_again_goes_on_counting(home: Home) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    raw = f"POST /{token}/ HTTP/1.1\r\nContent-Length: 99000\r\n\r\n".encode().ljust(99_000)
    for start in (0, 10):
        Intake(home, load(home)).ingest(
            [sighting(raw, start + n, f"192.0.{n}.1") for n in range(10)], "s", start
        )
    hits = list(queries.hits(home))
    assert len(hits) == 20
    with home.store.read() as connection:
        sizes = [len(row.sealed) for row in connection.execute(store.raw.select())]
    assert sum(size > 90_000 for size in sizes) <= 4
    assert all(size > 90_000 or size < HEAD + 200 for size in sizes)
