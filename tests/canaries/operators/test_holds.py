"""What is under legal hold loses nothing until it is released, and whoever goes around that is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import minting
from canaries.operators import erasure, holds
from listener.ingest import retention
from tests.operators import acting, approve, enrol

REASON = "request of the person concerned"


@pytest.fixture
def hit(home: Home, strike: Callable[..., str]) -> str:
    (home.path / "trapline.toml").write_text("[retention]\nraw_days = 30\n")
    (minted,) = minting.mint(home, "url")
    return strike(home, minted.canary, at=rfc3339(home.clock.now() - timedelta(days=40)))


def later(home: Home, days: int = 30) -> date:
    return home.clock.now().date() + timedelta(days=days)


def case_of(home: Home, hit: str) -> tuple[str, str]:
    """(incident, canary) of a hit."""
    table = store.hit
    with home.store.read() as connection:
        row = connection.execute(table.select().where(table.c.id == hit)).one()
    return row.incident_id, row.canary_id


def hold(home: Home, noun: str, name: str) -> holds.Hold:
    return holds.place(
        home, "canary" if noun == "canary" else "incident", name,
        owner="General counsel", reason="claim against the carrier", review=later(home),
    )  # fmt: skip


@pytest.mark.parametrize("noun", ["incident", "canary"])
def test_what_is_held_is_neither_erased_nor_retained_away_until_it_is_released(
    home: Home, hit: str, noun: str
) -> None:
    made = hold(home, noun, dict(zip(("incident", "canary"), case_of(home, hit), strict=True))[noun])
    for raw_only in (False, True):
        with pytest.raises(TraplineError, match="under legal hold"):
            erasure.erase(home, hit, REASON, raw_only=raw_only)
    listener = Home(home.path, home.clock)  # with the settings as they are now
    assert retention.due(listener) == retention.apply(listener, "listener") == []
    holds.release(home, made.id[:20], "settled")
    assert len(retention.apply(listener, "listener")) == 1
    assert not erasure.erase(home, hit, REASON)


def test_a_hold_that_comes_between_proposal_and_approval_holds(home: Home, hit: str) -> None:
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        proposal = erasure.erase(home, hit, REASON)
        hold(home, "incident", case_of(home, hit)[0])
    with acting(home, "bob"), pytest.raises(TraplineError, match="under legal hold"):
        approve(home, proposal)


def test_each_step_is_an_entry_with_owner_reason_and_date(home: Home, hit: str) -> None:
    incident, _ = case_of(home, hit)
    made = hold(home, "incident", incident)
    assert holds.words(home, made)["owner"] == "General counsel"
    holds.review(home, incident[:6], later(home, 90), "the claim goes on")
    with home.store.read() as connection:
        assert [one.review for one in holds.standing(connection)] == [later(home, 90).isoformat()]
    holds.release(home, made.id, "settled")
    with home.store.read() as connection:
        said = [entry.body for entry in home.reader.entries(connection, "held")]
        assert holds.standing(connection) == []
    assert [(one["act"], one.get("hold"), one["incident"]) for one in said] == [
        ("placed", None, incident),
        ("reviewed", made.id, incident),
        ("released", made.id, incident),
    ]
    assert said[1]["review"] == later(home, 90).isoformat()


def test_a_hold_taken_out_of_the_database_shows_once_something_is_erased(home: Home, hit: str) -> None:
    hold(home, "incident", case_of(home, hit)[0])
    with home.store.write() as connection:
        connection.execute(delete(store.meta).where(store.meta.c.name == "holds"))
    erasure.erase(home, hit, REASON)
    LogSealer(home).seal_once()
    assert any("which was under legal hold" in one for one in verify(home).oddities)


def test_what_is_no_hold_is_refused(home: Home, hit: str) -> None:
    incident, _ = case_of(home, hit)
    with pytest.raises(TraplineError, match="an owner and a reason"):
        holds.place(home, "incident", incident, owner=" ", reason="x", review=later(home))
    with pytest.raises(TraplineError, match="has passed"):
        holds.place(home, "incident", incident, owner="x", reason="x", review=later(home, 0))
    made = hold(home, "incident", incident)
    with pytest.raises(TraplineError, match="held already"):
        hold(home, "incident", incident)
    with pytest.raises(TraplineError, match="needs a reason"):
        holds.release(home, made.id, " ")
    with pytest.raises(NotFoundError, match="no hold that stands"):
        holds.find(home, "ffff")
