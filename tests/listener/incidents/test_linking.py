"""Decisions on links: an entry in both incidents with reasons, the last word counts, rejected stays rejected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from canaries.mint.minting import mint
from listener.incidents import linking, queries


@pytest.fixture
def pair(home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two incidents, of two canaries and two days, by one odd client from one address."""
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    one, two = (found.canary for found in mint(home, "url", count=2))
    hits = [
        strike(home, canary, agent="odd-tool/7", at=f"2026-11-{day}T12:00:00.000000Z")
        for canary, day in ((one, 20), (two, 22))
    ]
    first, second = sorted(queries.one(home, hit).incident for hit in hits)
    return first, second


def entries(home: Home) -> int:
    with home.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(store.entry)).scalar_one())


def test_a_suggestion_is_no_entry_and_says_why(home: Home, pair: tuple[str, str]) -> None:
    before = entries(home)
    (link,) = linking.suggestions(home).links
    assert link.pair == pair
    assert {"address", "agent"} <= {reason.sort for reason in link.reasons}
    assert linking.campaign_of(linking.suggestions(home), pair[0]) == [pair[1]]
    assert entries(home) == before


def test_a_decision_is_a_note_in_both_with_its_reasons(home: Home, pair: tuple[str, str]) -> None:
    linking.decide(home, pair[0][:6], pair[1], linking.CONFIRMED, "the same ticket")
    for mine, theirs in (pair, pair[::-1]):
        (note,) = queries.incident(home, mine).notes
        assert note.text.startswith(f"See also incident {theirs}: that both belong together is confirmed.")
        assert "the same ticket" in note.text
        assert "both came from one address" in note.text
    (said,) = linking.decisions(home)
    assert (said.pair, said.decision, said.by, said.reason) == (pair, "confirmed", "alice", "the same ticket")
    assert verify(home).opened


def test_rejected_stays_rejected_until_somebody_says_otherwise(home: Home, pair: tuple[str, str]) -> None:
    linking.decide(home, *pair, linking.REJECTED, "two testers")
    found = linking.suggestions(home)
    assert (found.links, found.campaigns) == ((), ())
    linking.decide(home, *pair[::-1], linking.CONFIRMED, "one tester after all")
    assert [item.decision for item in linking.decisions(home)] == ["confirmed"]
    assert len(linking.suggestions(home).links) == 1


def test_what_cannot_be_is_refused_and_nothing_written(home: Home, pair: tuple[str, str]) -> None:
    with pytest.raises(TraplineError, match="say why"):
        linking.decide(home, *pair, linking.CONFIRMED, " ")
    with pytest.raises(TraplineError, match="with itself"):
        linking.decide(home, pair[0], pair[0], linking.CONFIRMED, "x")
    with pytest.raises(NotFoundError):
        linking.decide(home, pair[0], "ffffffffff", linking.CONFIRMED, "x")
    assert not linking.decisions(home)


def test_what_an_opening_states_is_of_the_newest_hits_and_nothing_where_there_is_one_incident(
    home: Home, pair: tuple[str, str]
) -> None:
    (link,) = linking.suggestions(home).links
    (said,) = linking.stated(home, {pair[1]})
    assert (said["incident"], said["with"], said["centibits"]) == (pair[1], pair[0], round(100 * link.bits))
    assert linking.stated(home, {pair[1]}, newest=1) == []
    assert linking.stated(home, set(pair)) == [], "both are of the case"
    assert linking.stated(home, set()) == []
