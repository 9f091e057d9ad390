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
        (["1.2.3.4, <script>"], None),
        (["<script>"], None),
        (
            ["198.51.100.7, , 10.9.9.9,"],
            ["198.51.100.7", 0],
        ),  # empty elements are passed over (RFC 9110, 5.6.1.2)
        (["198.51.100.7", ""], ["198.51.100.7", 0]),
        (["1.2.3.4, unknown, 10.9.9.9"], ["10.9.9.9", 0]),  # the last sound claim, read from the right
        (["1.2.3.4, rubbish, 10.9.9.9, 10.8.8.8"], ["10.9.9.9", 0]),
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
        (["for=1.2.3.4, ===, for=198.51.100.7"], ["198.51.100.7", 0]),
        (
            ['for="8.8.8.8', "for=198.51.100.7"],
            ["198.51.100.7", 0],
        ),  # an open quote spoils what the client wrote
        (['for="8.8.8.8, for=198.51.100.7'], ["198.51.100.7", 0]),
        (["for=8.8.8.8;;;bad, for=198.51.100.7"], ["198.51.100.7", 0]),
        (["for=198.51.100.7, "], ["198.51.100.7", 0]),
        (['for="198.51.100.7";by="a, b";proto=https'], ["198.51.100.7", 0]),
    ],
)
def test_forwarded(values: list[str], expected: Any) -> None:
    assert client("forwarded", *values) == expected


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("x-real-ip", ["198.51.100.7"], ["198.51.100.7", 0]),
        ("cf-connecting-ip", [" 2001:db8:2::7 "], ["2001:db8:2::7", 0]),
        (
            "true-client-ip",
            ["1.2.3.4", "198.51.100.7"],
            ["198.51.100.7", 0],
        ),  # the nearest proxy's stands last
        ("fly-client-ip", ["1.2.3.4, 198.51.100.7"], None),  # no list
        ("fastly-client-ip", [""], None),
        ("akamai-client-ip", ["198.51.100.7:80"], ["198.51.100.7", 80]),
        ("x-any-name-of-your-own", ["198.51.100.7"], ["198.51.100.7", 0]),
    ],
)
def test_headers_of_one_address(header: str, values: list[str], expected: Any) -> None:
    assert client(header, *values) == expected


@pytest.mark.parametrize(
    ("header", "value", "note"),
    [
        (
            "x-forwarded-for",
            "1.2.3.4, unknown",
            "a proxy does not say whom it serves: the client is not known",
        ),
        ("x-forwarded-for", "1.2.3.4, <b>", "an element names no address: the client is not known"),
        ("x-forwarded-for", "", "an empty element was passed over: the client is not known"),
        ("x-forwarded-for", "<b>, 10.9.9.9", "an element names no address"),
        ("forwarded", "for=_hidden", "a proxy does not say whom it serves: the client is not known"),
        ("forwarded", "proto=https", "an element names no address: the client is not known"),
        ("x-real-ip", "nobody", "an element names no address: the client is not known"),
    ],
)
def test_what_cannot_be_read_is_never_passed_over_in_silence(header: str, value: str, note: str) -> None:
    found = via([(header.encode(), value.encode())], header, PROXIES, PEER)
    assert found is not None
    assert found["note"].startswith(note)


LINE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=80)
TRICKY = st.text(st.sampled_from('for=";,\\ 1.2:[]_'), max_size=60)
STRANGER = "198.51.100.7"


@given(st.lists(st.one_of(LINE, TRICKY), max_size=3), st.one_of(LINE, TRICKY), st.booleans())
def test_nothing_that_a_client_sends_changes_what_the_proxy_appends(
    lines: list[str], same: str, own_line: bool
) -> None:
    """The proxy appends the address it was reached from, to the last line or as one of its own."""
    for header, word in (("x-forwarded-for", STRANGER), ("forwarded", f"for={STRANGER};proto=https")):
        values = [*lines, same, word] if own_line else [*lines, f"{same}, {word}"]
        assert client_of(header, values) == [STRANGER, 0]


def client_of(header: str, values: list[str]) -> Any:
    found = via([(header.encode(), value.encode("latin-1")) for value in values], header, PROXIES, PEER)
    return found and found.get("client")


@given(
    st.lists(st.one_of(LINE, TRICKY), min_size=1, max_size=4),
    st.sampled_from(["forwarded", "x-forwarded-for", "x-real-ip"]),
)
def test_whatever_stands_there_gives_a_client_or_a_note(values: list[str], header: str) -> None:
    found = via([(header.encode(), value.encode("latin-1")) for value in values], header, PROXIES, PEER)
    assert found is not None
    assert found.get("client") or "the client is not known" in found["note"]


@given(st.lists(st.binary(max_size=60), max_size=4), st.sampled_from(["forwarded", "x-forwarded-for"]))
def test_no_header_raises(values: list[bytes], header: str) -> None:
    found = via([(header.encode(), value) for value in values], header, PROXIES, PEER)
    assert (found is None) == (not values)
