"""Look-ups beside a use: recorded, counted, and no hits of their own."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core import clock
from canaries.installation.home import Home
from canaries.mint import minting
from canaries.mint.minting import Minted
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import parts, queries
from listener.ingest.intake import Intake
from tests.listener.ingest.test_intake import sighting

SECOND = 1_000_000


@pytest.fixture
def bait(any_home: Home, monkeypatch: pytest.MonkeyPatch) -> Minted:
    monkeypatch.setenv("TRAPLINE_BAIT_BASE_URL", "https://{label}.harbour-view.net")
    any_home.__dict__.pop("settings", None)
    return next(iter(minting.mint(any_home, "redis-url")))


def asked(bait: Minted, number: int, seconds: float, kind: str = "A") -> Sighting:
    notes: dict[str, Any] = {"request": "query", "query": bait.bait.row["host"], "type": kind}
    at = clock.micros() + int(seconds * SECOND)
    return sighting(b"dns", number, trap="dns", transport="udp", connection=0, observed_at=at, notes=notes)


def used(bait: Minted, number: int, seconds: float) -> Sighting:
    notes = {"request": "login", "password": bait.bait.row["password"]}
    at = clock.micros() + int(seconds * SECOND)
    return sighting(b"auth", number, trap="redis", observed_at=at, notes=notes)


@pytest.mark.parametrize("batches", [1, 4])
def test_look_ups_beside_a_use_follow_it(any_home: Home, bait: Minted, batches: int) -> None:
    seen = [used(bait, 1, 0), asked(bait, 2, -1), asked(bait, 3, -0.9, "AAAA"), asked(bait, 4, 5)]
    taker = Intake(any_home, load(any_home))
    size = len(seen) // batches
    for start in range(0, len(seen), size):
        taker.ingest(seen[start : start + size], "s", start + size)
    ((hit, beside),) = parts.with_parts(any_home, queries.hits(any_home))
    assert (hit.trap, beside.lookups, beside.acts) == ("redis", 3, ())
    assert queries.incidents(any_home)[0].hits == 1
    assert len(list(queries.hits(any_home, parts=True))) == 4


def test_the_first_look_up_is_a_sign_of_its_own_and_its_like_follow_it(any_home: Home, bait: Minted) -> None:
    seen = [
        asked(bait, 1, 0),
        asked(bait, 2, 0.01, "AAAA"),
        asked(bait, 3, 60),
        asked(bait, 4, 60.01, "AAAA"),
    ]
    taker = Intake(any_home, load(any_home))
    for number, one in enumerate(seen, 1):
        taker.ingest([one], "s", number)
    found = list(parts.with_parts(any_home, queries.hits(any_home)))
    assert [(hit.trap, beside.lookups) for hit, beside in found] == [("dns", 1), ("dns", 1)]
