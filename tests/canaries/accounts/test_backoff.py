"""Failures: slower for who fails, from where they fail; for nobody else, and never for good."""

from __future__ import annotations

import pytest

from canaries.accounts import backoff
from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError
from canaries.installation.home import Home


@pytest.fixture
def clock(home: Home) -> FixedClock:
    home.clock = FixedClock(home.clock.now())
    return home.clock


def test_a_stranger_elsewhere_delays_nobody(home: Home, clock: FixedClock) -> None:
    for _ in range(backoff.FREE):
        backoff.check(home, "carol", "198.51.100.7")
        backoff.failed(home, "carol", "198.51.100.7")
    with pytest.raises(AccessError, match="try again in") as refused:
        backoff.check(home, "carol", "198.51.100.7")
    assert refused.value.wait >= 1
    backoff.check(home, "carol", "192.0.2.9")
    backoff.check(home, "dora", "198.51.100.7")


def test_no_pause_is_longer_than_a_minute_however_long_they_try(home: Home, clock: FixedClock) -> None:
    for _ in range(60):
        backoff.failed(home, "carol", "198.51.100.7")
    clock.advance(seconds=61)
    backoff.check(home, "carol", "198.51.100.7")


def test_a_network_that_tries_many_names_is_paused_for_all(home: Home, clock: FixedClock) -> None:
    for number in range(backoff.FREE_OF_A_NETWORK):
        backoff.failed(home, f"name{number}", "198.51.100.7")
    with pytest.raises(AccessError):
        backoff.check(home, "another", "198.51.100.7")
    clock.advance(seconds=backoff.FORGOTTEN + 1)
    assert backoff.failed(home, "another", "198.51.100.7") == 1


def test_networks() -> None:
    assert backoff.network_of("192.0.2.7") == "192.0.2.7"
    assert backoff.network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert backoff.network_of("2001:db8::1") == backoff.network_of("2001:db8::ffff") == "2001:db8::/64"
    assert backoff.network_of("not an address") == "not an address"
