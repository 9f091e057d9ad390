"""One way of knowing, one way of saying it."""

from __future__ import annotations

from typing import Any

import pytest

from listener.incidents.wording import clock, clocks, origin, whence

PEER = {"ip": "203.0.113.7", "port": 40001}
OTHER = {"ip": "198.51.100.9", "port": 0}


@pytest.mark.parametrize(
    ("body", "known", "said"),
    [
        ({}, "observed", "203.0.113.7 port 40001"),
        ({"via": {"client": ["203.0.113.7", 40001]}}, "observed", "203.0.113.7 port 40001"),
        (
            {"via": {"x": 1}},
            "observed",
            "203.0.113.7 port 40001, the operator's proxy, which named no client",
        ),
        (
            {"via": {"x": 1}, "source": OTHER},
            "claimed",
            "198.51.100.9 port not known, named by the operator's proxy 203.0.113.7",
        ),
        ({"trap": "dns"}, "resolver", "203.0.113.7 port 40001, a name server that asked for somebody"),
        (
            {"trap": "smtp", "facet": "email"},
            "relay",
            "203.0.113.7 port 40001, a mail server that delivered for somebody",
        ),
        (
            {"trap": "sensors", "via": {"how": "mailbox", "chain": ["june"]}},
            "reported",
            "the operator's mailbox june at a provider, whose servers are named in the message's headers",
        ),
        ({"trap": "smtp", "facet": "password"}, "observed", "203.0.113.7 port 40001"),
    ],
)
def test_where_it_came_from(body: dict[str, Any], known: str, said: str) -> None:
    whole: Any = {"trap": "http", "facet": "password", "source": PEER, "peer": PEER, "via": None, **body}
    assert (origin(whole), whence(whole)) == (known, said)


def test_a_clock_is_right_only_where_that_is_known() -> None:
    assert clock({"source": "ntp", "offset_us": 12}) == "clock synchronised, estimated error 12 µs"
    assert clock({"source": "ntp", "offset_us": None}) == "clock synchronised"
    assert clock({"source": "free"}) == clock({}) == clock(None) == "clock not known to be right"


def test_many_clocks_are_one_phrase_a_state() -> None:
    """Not one an offset: each check of the clock gives another."""
    ntp = [{"source": "ntp", "offset_us": offset} for offset in (12, -213, 7)]
    assert clocks(ntp) == "clock synchronised, estimated error at most 213 µs"  # type: ignore[arg-type]
    said = clocks([*ntp, {"source": "free"}, None])  # type: ignore[list-item]
    assert (
        said
        == "clock not known to be right (2 of 5); clock synchronised, estimated error at most 213 µs (3 of 5)"
    )
    assert clocks([]) == ""
