"""Intake: each sighting taken in once, with all it leads to or none of it; a failing helper costs its part only."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from canaries.core import store
from canaries.core.clock import parse_rfc3339
from canaries.core.errors import StoreAwayError
from canaries.installation.home import Home
from canaries.ledger import parts
from canaries.mint import minting
from canaries.mint.minting import Minted
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.http.reading import read_request
from listener.ingest.intake import Intake
from listener.notify import digest


@pytest.fixture
def url(any_home: Home) -> Minted:
    return next(iter(minting.mint(any_home, "url", memo="wiki")))


def sighting(raw: bytes, number: int = 1, **changes: Any) -> Sighting:
    values: dict[str, Any] = {
        "id": hashlib.sha256(raw + str(number).encode()).hexdigest()[:32],
        "trap": "http",
        "observed_at": 1_790_000_000_000_000 + number,
        "peer": ("127.0.0.2", 40000 + number),
        "local": ("127.0.0.1", 80),
        "transport": "tcp",
        "raw": raw,
        "size": len(raw),
        "front": "f1",
        "number": number,
        "connection": number,
        "clock": {"source": "free", "offset_us": None, "checked_at": "2026-01-01T00:00:00.000000Z"},
    }
    return Sighting(**{**values, **changes})


def get(minted: Minted, number: int = 1, **changes: Any) -> Sighting:
    path = minted.canary.tokens[0].value
    return sighting(
        f"GET /{path} HTTP/1.1\r\nHost: h\r\nUser-Agent: curl/8\r\n\r\n".encode(), number, **changes
    )


def entries(home: Home, kind: str) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, kind)]


def test_a_token_becomes_a_hit_with_what_was_observed(any_home: Home, url: Minted) -> None:
    seen = get(url)
    assert Intake(any_home, load(any_home)).ingest([seen], "s", 10) == 1
    (hit,) = entries(any_home, "hit")
    assert hit["canary"] == url.canary.id
    assert hit["facet"] == "path"
    assert hit["source"] == hit["peer"] == {"ip": "127.0.0.2", "port": 40001}
    assert hit["raw_sha256"] == hashlib.sha256(seen.raw).hexdigest()
    assert hit["observed"]["user_agent"] == "curl/8"
    (derived,) = entries(any_home, "derived")
    assert derived["facts"]["network"]["scope"] == "loopback"
    assert derived["egress"] == []


def test_uses_that_are_alike_are_written_as_each_alone_would_be(any_home: Home) -> None:
    """What they have in common is derived and encoded once; an entry is canonical, and says what was sent."""
    minted = list(minting.mint(any_home, "url", count=2))
    seen = [get(minted[number % 2], number, peer=(f"8.8.8.{number // 4}", 40000)) for number in range(1, 13)]
    intake = Intake(any_home, load(any_home))
    intake.ingest(seen[:6], "s", 10)
    intake.ingest(seen[6:], "s", 20)
    with any_home.store.read() as connection:
        hits, facts = (list(any_home.reader.entries(connection, kind)) for kind in ("hit", "derived"))
    assert all(parts.is_canonical(one.line) for one in (*hits, *facts))
    by_sighting = {one.body["sighting"]: one for one in hits}
    by_hit = {one.body["hit"]: one.body["facts"] for one in facts}
    for sighting in seen:
        hit = by_sighting[sighting.id]
        assert hit.body["observed"] == read_request(sighting).observed | {
            "headers": [["Host", "h"], ["User-Agent", "curl/8"]]
        }
        assert by_hit[hit.id]["network"]["address"] == hit.body["source"]["ip"] == sighting.peer[0]
        assert by_hit[hit.id]["client"]["user_agent"] == "curl/8"


def test_what_was_planted_twice_counts_from_the_first_time(any_home: Home, url: Minted) -> None:
    """The time since then is an input of the verdict."""
    places = [
        {"id": name, "canary_id": url.canary.id, "entry_id": "0" * 32, "planted_at": at, "state": "planted"}
        for name, at in (("b", "2026-09-21T12:00:00.000000Z"), ("a", "2026-09-20T12:00:00.000000Z"))
    ]
    with any_home.store.write() as connection:
        connection.execute(insert(store.placement), places)
    moment = int(parse_rfc3339("2026-09-22T12:00:00.000000Z").timestamp()) * 1_000_000
    Intake(any_home, load(any_home)).ingest([get(url, observed_at=moment)], "s", 10)
    (derived,) = entries(any_home, "derived")
    assert derived["facts"]["timing"]["since_planted_us"] == 2 * 86_400_000_000


def test_the_raw_bytes_lie_beside_the_entry_under_the_vaults_key(any_home: Home, url: Minted) -> None:
    seen = get(url)
    Intake(any_home, []).ingest([seen], "s", 10)
    with any_home.store.read() as connection:
        row = connection.execute(select(store.raw)).one()
    assert any_home.reader.open(row.sealed, row.entry_id) == seen.raw


def test_what_holds_no_token_is_only_counted(any_home: Home, url: Minted) -> None:
    taken = Intake(any_home, []).ingest(
        [sighting(b"GET /nothing HTTP/1.1\r\n\r\n", n) for n in range(3)], "s", 10
    )
    assert taken == 0
    assert entries(any_home, "hit") == []
    with any_home.store.read() as connection:
        assert connection.execute(select(store.tally.c.sightings)).scalar_one() == 3


def test_the_offset_moves_with_the_hits_or_not_at_all(
    any_home: Home, url: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = Intake(any_home, [])

    def away(*_: object) -> None:
        raise StoreAwayError("database error: gone")

    with monkeypatch.context() as broken:
        broken.setattr(intake, "_move", away)
        with pytest.raises(StoreAwayError):
            intake.ingest([get(url)], "s", 10)
    with any_home.store.read() as connection:
        for table in (store.hit, store.drained, store.incident, store.outbox, store.digest, store.raw):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert intake.ingest([get(url)], "s", 10) == 1
    with any_home.store.read() as connection:
        assert connection.execute(select(store.drained.c.offset)).scalar_one() == 10


def test_a_reader_that_crashes_costs_the_details_not_the_hit(any_home: Home, url: Minted) -> None:
    seen = get(url, trap="no-such-trap")
    assert Intake(any_home, []).ingest([seen], "s", 10) == 1
    assert entries(any_home, "hit")[0]["observed"] == {"unread": "no trap called no-such-trap"}


def test_alerting_that_fails_costs_the_alert_not_the_hit(
    any_home: Home, url: Minted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("digest is broken")

    monkeypatch.setattr(digest, "note", broken)
    assert Intake(any_home, []).ingest([get(url)], "s", 10) == 1
    assert len(entries(any_home, "hit")) == 1
    assert "RuntimeError\n" in capsys.readouterr().err


def test_only_the_first_use_is_a_first_use_over_restarts_too(any_home: Home, url: Minted) -> None:
    Intake(any_home, load(any_home)).ingest([get(url, 1), get(url, 2)], "s", 10)
    Intake(any_home, load(any_home)).ingest([get(url, 3)], "s", 20)
    uses = [body["facts"]["timing"]["first_use"] for body in entries(any_home, "derived")]
    assert uses == [True, False, False]


def test_hits_of_one_source_share_an_incident(any_home: Home) -> None:
    canaries = list(minting.mint(any_home, "url", count=3))
    Intake(any_home, []).ingest([get(one, n) for n, one in enumerate(canaries)], "s", 10)
    assert len({body["incident"] for body in entries(any_home, "derived")}) == 1


def test_entries_hold_no_floats_and_hostile_text_as_it_came(any_home: Home, url: Minted) -> None:
    path = url.canary.tokens[0].value
    hostile = f"GET /{path} HTTP/1.1\r\nUser-Agent: \u202e<script>\xff\r\nX: \x00\r\n\r\n".encode(
        "latin-1", "replace"
    )
    Intake(any_home, load(any_home)).ingest([sighting(hostile)], "s", 10)
    with any_home.store.read() as connection:
        lines = [entry.line for entry in any_home.reader.entries(connection)]

    def no_float(text: str) -> float:
        raise AssertionError(f"a float in an entry: {text}")

    for line in lines:
        for part in line.split(b"\t"):
            json.loads(part, parse_float=no_float)


def test_a_sighting_that_comes_again_is_passed_over(any_home: Home, url: Minted) -> None:
    intake = Intake(any_home, [])
    intake.ingest([get(url, 1)], "s", 10)
    intake.ingest([get(url, 1), get(url, 2)], "copied-back", 20)
    assert [body["number"] for body in entries(any_home, "hit")] == [1, 2]
    with any_home.store.read() as connection:
        assert connection.execute(select(store.incident.c.hits)).scalar_one() == 2
