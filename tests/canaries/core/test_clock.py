"""Time is aware, UTC, RFC 3339 with microseconds, whichever way it came in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core import clock
from canaries.core.errors import TraplineError


@given(st.datetimes(timezones=st.just(UTC)))
def test_written_and_read_again_a_moment_is_the_same(moment: datetime) -> None:
    text = clock.rfc3339(moment)
    assert text.endswith("Z")
    assert len(text) == 27
    assert clock.parse_rfc3339(text) == moment


def test_another_zone_is_written_as_utc() -> None:
    moment = datetime(2026, 2, 1, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert clock.rfc3339(moment) == "2026-01-31T20:00:00.000000Z"


def test_a_time_without_a_zone_is_refused_both_ways() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.rfc3339(datetime(2026, 1, 1))  # noqa: DTZ001  the point of the test
    with pytest.raises(ValueError, match="no time zone"):
        clock.parse_rfc3339("2026-01-01T00:00:00")


def test_microseconds_lead_back_to_the_moment() -> None:
    assert clock.rfc3339(clock.from_micros(1_700_000_000_000_001)) == "2023-11-14T22:13:20.000001Z"


@given(st.integers(-(10**15), 10**16))
def test_microseconds_are_written_as_their_moment_is(value: int) -> None:
    assert clock.written_micros(value) == clock.rfc3339(clock.from_micros(value))


def test_the_kernel_is_asked_how_good_the_clock_is() -> None:
    quality = clock.quality()
    assert quality.source in {"ntp", "free", "unknown"}
    assert (quality.offset_us is None) == (quality.source != "ntp")


def test_a_fixed_clock_moves_only_when_told() -> None:
    fixed = clock.FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert fixed.now() == fixed.now()
    fixed.advance(minutes=10)
    assert clock.rfc3339(fixed.now()) == "2026-01-01T00:10:00.000000Z"


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "later", "earlier"),
    [
        ("30m", "2026-11-22T12:30:00.000000Z", "2026-11-22T11:30:00.000000Z"),
        ("12h", "2026-11-23T00:00:00.000000Z", "2026-11-22T00:00:00.000000Z"),
        ("2", "2026-11-24T12:00:00.000000Z", "2026-11-20T12:00:00.000000Z"),
        ("1w", "2026-11-29T12:00:00.000000Z", "2026-11-15T12:00:00.000000Z"),
        ("2027-01-31", "2027-01-31T00:00:00.000000Z", "2027-01-31T00:00:00.000000Z"),
    ],
)
def test_spans_and_dates_lead_to_moments(text: str, later: str, earlier: str) -> None:
    assert clock.until(text, NOON) == later
    assert clock.since(text, NOON) == earlier


@pytest.mark.parametrize("text", ["", "soon", "5y", "2026-02-30"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(TraplineError, match="is not a time"):
        clock.since(text, NOON)


@pytest.mark.parametrize("text", ["0d", "2020-01-01"])
def test_the_past_is_no_time_to_come(text: str) -> None:
    with pytest.raises(TraplineError, match="is in the past"):
        clock.until(text, NOON)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_beyond_the_calendar_is_none(text: str) -> None:
    for reads in (clock.until, clock.since):
        with pytest.raises(TraplineError, match="not a time"):
            reads(text, NOON)
