"""Budgets by network."""

from __future__ import annotations

from listener.net.addresses import neighbourhoods
from listener.net.shares import Shares


def taken(shares: Shares, address: str, now: float, count: int) -> int:
    return sum(shares.take(neighbourhoods(address), now) for _ in range(count))


def test_so_much_at_once_and_then_so_much_a_second() -> None:
    shares = Shares(5, 20)
    assert taken(shares, "192.0.2.1", 0, 100) == 20
    assert taken(shares, "192.0.2.1", 2, 100) == 10


def test_neighbours_share_and_others_do_not() -> None:
    shares = Shares(5, 20)
    taken(shares, "192.0.2.1", 0, 100)
    assert taken(shares, "192.0.2.99", 0, 100) == 0
    assert taken(shares, "192.0.3.1", 0, 100) == 20


def test_customers_of_an_ipv6_network_share_four_times_as_much() -> None:
    shares = Shares(5, 20)
    assert sum(taken(shares, f"2001:db8:0:{number:02x}00::1", 0, 100) for number in range(16)) == 80
    assert taken(shares, "2001:db8:1::1", 0, 100) == 20


def test_what_is_too_much_is_not_taken() -> None:
    shares = Shares(1, 100)
    assert not shares.take((b"a",), 0, 101)
    assert shares.take((b"a",), 0, 100)


def test_invented_networks_never_make_it_grow() -> None:
    shares = Shares(1, 1, networks=100)
    for number in range(10_000):
        shares.take((str(number).encode(),), 0)
    assert len(shares._left) == 100
