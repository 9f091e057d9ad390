"""Who has to go where there is no room."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from listener.net.visits import Visit, Visits


def visit(address: str, said: int) -> Visit:
    return Visit(address, connection=cast(Any, SimpleNamespace(said=said)))


def test_the_one_that_has_said_least_of_the_network_that_has_most() -> None:
    visits, crowd = Visits(), [visit(f"192.0.2.{number}", said) for number, said in enumerate((9, 3, 3, 7))]
    quiet = visit("198.51.100.1", 0)
    for one in (quiet, *crowd):
        visits.add(one)
    assert visits.evict() is crowd[1]
    assert visits.evict() is crowd[2]
    assert len(visits) == 3


def test_an_ipv6_network_is_counted_as_a_whole() -> None:
    visits, crowd = Visits(), [visit(f"2001:db8:0:{number}00::1", 1) for number in range(3)]
    for one in (visit("192.0.2.1", 0), *crowd, visit("192.0.2.2", 0)):
        visits.add(one)
    assert visits.evict() is crowd[0]


def test_who_has_gone_counts_no_more() -> None:
    visits, one, other = Visits(), visit("192.0.2.1", 0), visit("198.51.100.1", 5)
    for each in (one, other):
        visits.add(each)
    visits.discard(one)
    visits.discard(one)
    assert visits.evict() is other
    assert len(visits) == 0
