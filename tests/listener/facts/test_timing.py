"""Timing: intervals are integers of microseconds, and "planted" goes before "minted" where it is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from listener.facts import Use
from listener.facts.timing import Timing


def test_the_first_use_after_planting(tmp_path: Path, use: Callable[..., Use]) -> None:
    assert Timing(tmp_path).derive(
        use(
            created_at="2026-11-22T12:00:00.000000Z",
            planted_at="2026-11-22T12:29:58.500000Z",
            observed_at="2026-11-22T12:30:00.000001Z",
        ),
        {},
    ) == {
        "source": "trapline",
        "first_use": True,
        "since_minted_us": 1_800_000_001,
        "since_planted_us": 1_500_001,
        "first_use_delay_us": 1_500_001,
        "weekday": "Sunday",
        "hour_utc": 12,
    }


def test_unplanted_bait_counts_from_its_minting(tmp_path: Path, use: Callable[..., Use]) -> None:
    fact = Timing(tmp_path).derive(use(), {})
    assert fact is not None
    assert fact["first_use_delay_us"] == fact["since_minted_us"] == 21 * 86_400_000_000 + 45_000_000_000
    assert "since_planted_us" not in fact


def test_a_later_use_has_no_first_use_delay(tmp_path: Path, use: Callable[..., Use]) -> None:
    fact = Timing(tmp_path).derive(use(first_use=False, expires_at="2026-11-22T12:29:59.000000Z"), {})
    assert fact is not None
    assert "first_use_delay_us" not in fact
    assert fact["expired"] is True


def test_other_zones_are_counted_in_utc(tmp_path: Path, use: Callable[..., Use]) -> None:
    fact = Timing(tmp_path).derive(use(observed_at="2026-11-23T00:30:00.000000+02:00"), {})
    assert fact is not None
    assert (fact["weekday"], fact["hour_utc"]) == ("Sunday", 22)


def test_a_use_before_its_minting_is_told_as_it_is(tmp_path: Path, use: Callable[..., Use]) -> None:
    fact = Timing(tmp_path).derive(use(created_at="2026-11-22T12:30:00.000001Z"), {})
    assert fact is not None
    assert fact["since_minted_us"] == -1, "a clock that jumped must be seen, not hidden"
