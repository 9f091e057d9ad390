"""Forwarding headers: believed from the right, only as far as our own proxies reach."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.forwarded import via
from listener.net.networks import Networks

PROXIES = Networks(["10.0.0.0/8", "2001:db8:1::/48"])
PEER = ("10.0.0.1", 4000)


def client(header: str, *values: str) -> Any:
    found = via([(header.title().encode(), value.encode()) for value in values], header, PROXIES, PEER)
    return found and found.get("client")


def test_a_stranger_is_never_believed() -> None:
    assert via([(b"X-Forwarded-For", b"1.2.3.4")], "x-forwarded-for", PROXIES, ("192.0.2.1", 1)) is None


def test_a_header_that_the_proxy_does_not_write_is_not_read() -> None:
    assert via([(b"Forwarded", b"for=1.2.3.4")], "x-forwarded-for", PROXIES, PEER) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["198.51.100.7"], ["198.51.100.7", 0]),
        (["1.2.3.4, 198.51.100.7"], ["198.51.100.7", 0]),  # what the client itself wrote stays a claim
        (["1.2.3.4, 198.51.100.7, 10.9.9.9"], ["198.51.100.7", 0]),
        (["1.2.3.4", "198.51.100.7", "10.9.9.9"], ["198.51.100.7", 0]),  # one list over several lines
        (["198.51.100.7:5555"], ["198.51.100.7", 5555]),
        (["[2001:db8:2::7]:443"], ["2001:db8:2::7", 443]),
        (["2001:db8:2::7"], ["2001:db8:2::7", 0]),
        (["::ffff:198.51.100.7"], ["198.51.100.7", 0]),
        (["10.1.1.1, 10.2.2.2"], ["10.1.1.1", 0]),  # all of them ours: the farthest
        (["1.2.3.4, unknown"], None),
        (["1.2.3.4, "], None),
        (["<script>"], None),
    ],
)
def test_x_forwarded_for(values: list[str], expected: Any) -> None:
    assert client("x-forwarded-for", *values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["for=198.51.100.7"], ["198.51.100.7", 0]),
        (["For=198.51.100.7;proto=https;by=10.0.0.1"], ["198.51.100.7", 0]),
        (['for="198.51.100.7:4711"'], ["198.51.100.7", 4711]),
        (['for="[2001:db8:2::7]:4711"'], ["2001:db8:2::7", 4711]),
        (["for=1.2.3.4, for=198.51.100.7;by=10.0.0.1, for=10.3.3.3"], ["198.51.100.7", 0]),
        (["for=1.2.3.4", "for=198.51.100.7"], ["198.51.100.7", 0]),
        (['for="1.2.3.4, for=5.6.7.8"'], None),  # a comma inside quotes ends nothing
        (["for=_hidden"], None),
        (["proto=https"], None),
        (["for=1.2.3.4, ===, for=198.51.100.7"], None),
    ],
)
def test_forwarded(values: list[str], expected: Any) -> None:
    assert client("forwarded", *values) == expected


@given(st.lists(st.binary(max_size=60), max_size=4), st.sampled_from(["forwarded", "x-forwarded-for"]))
def test_no_header_raises(values: list[bytes], header: str) -> None:
    found = via([(header.encode(), value) for value in values], header, PROXIES, PEER)
    assert (found is None) == (not values)
