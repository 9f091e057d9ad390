"""The check of retention."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from canaries.core.clock import rfc3339
from canaries.installation.home import Home
from canaries.mint import minting
from listener.health.checks.retention import RetentionCheck
from listener.ingest import retention
from listener.lookups import erasing
from tests.listener.health.looking import failures, notes
from tests.look_ups import line, take_in, watch
from tests.operators import enrol


def struck(home: Home, strike: Callable[..., str], days: int) -> None:
    (home.path / "trapline.toml").write_text("[retention]\nraw_days = 30\n")
    canary = next(iter(minting.mint(home, "url"))).canary
    strike(home, canary, ip=f"192.0.2.{days}", at=rfc3339(home.clock.now() - timedelta(days=days)))


def test_without_a_term_it_says_nothing(home: Home, look: Any) -> None:
    assert look(RetentionCheck) == []


def test_what_stays_two_days_too_long_fails(home: Home, look: Any, strike: Callable[..., str]) -> None:
    struck(home, strike, 31)
    assert [state.level for state in look(RetentionCheck)] == ["well"]
    struck(home, strike, 33)
    assert "the raw bytes of 1 hit should have gone" in failures(look(RetentionCheck))
    retention.apply(Home(home.path, home.clock), "listener")
    assert [state.level for state in look(RetentionCheck)] == ["well"]


def test_where_operators_sign_it_is_said_at_once(home: Home, look: Any, strike: Callable[..., str]) -> None:
    enrol(home, "alice")
    struck(home, strike, 29)
    assert [state.level for state in look(RetentionCheck)] == ["well"]
    struck(home, strike, 31)
    assert "operators have to sign" in notes(look(RetentionCheck))


def test_look_ups_that_stay_too_long_fail_too(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[retention]\nlookups_days = 30\n")
    [record] = watch(home, "5")
    old = rfc3339(home.clock.now() - timedelta(days=33))
    take_in(home, line(record, began=old))
    assert "the contents of 1 look-up should have gone two days ago" in failures(look(RetentionCheck))
    erasing.apply(Home(home.path, home.clock), "listener")
    assert [state.level for state in look(RetentionCheck)] == ["well"]
