"""Rates: a burst, then the rate; sources bounded; a subscriber's IPv6 addresses are one source."""

from __future__ import annotations

import pytest

from listener.net.rate_limit import RateLimit


def served(rates: RateLimit, address: str, now: float, count: int) -> int:
    return sum(rates.allow(address, now) for _ in range(count))


def test_ten_seconds_worth_may_come_at_once_and_then_the_rate() -> None:
    rates = RateLimit(1000, 5)
    assert served(rates, "192.0.2.1", 0, 200) == 50
    assert served(rates, "192.0.2.1", 1, 200) == 5
    assert served(rates, "192.0.2.1", 1000, 200) == 50


def test_a_source_does_not_use_up_anothers() -> None:
    rates = RateLimit(1000, 5)
    served(rates, "192.0.2.1", 0, 200)
    assert served(rates, "192.0.2.2", 0, 10) == 10


def test_all_sources_together_have_their_rate() -> None:
    rates = RateLimit(10, 5)
    assert sum(rates.allow(f"192.0.2.{number}", 0) for number in range(250)) == 125
    assert sum(rates.allow(f"198.51.100.{number}", 1) for number in range(250)) == 12


def test_what_a_source_is_refused_is_not_taken_from_the_others() -> None:
    rates = RateLimit(10, 1)
    assert served(rates, "192.0.2.1", 0, 1000) == 10
    assert sum(rates.allow(f"198.51.100.{number}", 0) for number in range(250)) == 115


def test_in_a_flood_who_sent_little_is_served_and_so_is_what_may_be_bait() -> None:
    rates = RateLimit(100, 50)
    for now in (0, 1):
        for number in range(50):
            served(rates, f"192.0.2.{number}", now, 500)
    assert rates.allow("198.51.100.1", 1)
    served_now = sum(rates.allow(f"10.0.0.{number}", 1) for number in range(250))
    assert served_now < 25, "invented sources use that up"
    assert not rates.allow("198.51.100.2", 1)
    assert rates.allow("198.51.100.2", 1, likely=True)


def test_invented_sources_never_make_it_grow() -> None:
    rates = RateLimit(1e9, 1, sources=100)
    for number in range(10_000):
        rates.allow(f"10.0.{number >> 8}.{number & 255}", 0)
    assert rates.known == 100


def test_a_clock_that_goes_back_gives_nothing() -> None:
    rates = RateLimit(1000, 1)
    served(rates, "192.0.2.1", 100, 10)
    assert not rates.allow("192.0.2.1", 50)


@pytest.mark.parametrize("rates", [(0, 1), (1, 0), (-1, 1)])
def test_a_rate_is_above_zero(rates: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        RateLimit(*rates)
