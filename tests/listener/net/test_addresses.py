"""Addresses: one spelling each, the v4 inside a v6, the scope by the registries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.net.addresses import embedded, neighbourhoods, normal, scope, subscriber


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_one_spelling(text: str, spelling: str) -> None:
    assert str(normal(text)) == spelling


@pytest.mark.parametrize("text", ["", "unknown", "192.0.2", "192.0.2.1:80", "[::1]"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear"):
        normal(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2002:c000:201::1", ("6to4", "192.0.2.1")),  # RFC 3056, 2
        ("64:ff9b::192.0.2.33", ("nat64", "192.0.2.33")),  # RFC 6052, 2.4
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", ("teredo", "192.0.2.45")),  # RFC 4380, the example of 5.2.9
        ("2001:4860:4860::8888", None),
        ("192.0.2.1", None),
    ],
)
def test_a_v4_address_inside_a_v6_one(text: str, found: tuple[str, str] | None) -> None:
    inner = embedded(normal(text))
    assert (inner and (inner[0], str(inner[1]))) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("8.8.8.8", "global"),
        ("2606:4700::1111", "global"),
        ("127.0.0.2", "loopback"),
        ("::1", "loopback"),
        ("172.31.255.255", "private"),
        ("172.32.0.0", "global"),
        ("fd00::1", "private"),
        ("100.64.0.1", "cgnat"),
        ("100.128.0.1", "global"),
        ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"),
        ("203.0.113.9", "documentation"),
        ("2001:db8::1", "documentation"),
        ("198.18.0.1", "benchmark"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("0.0.0.0", "unspecified"),
        ("4000::1", "reserved"),
    ],
)
def test_scopes(text: str, name: str) -> None:
    assert scope(normal(text)) == name


@given(st.ip_addresses())
def test_every_address_has_a_scope(address: object) -> None:
    assert scope(normal(str(address)))


def test_one_subscriber_one_source() -> None:
    assert subscriber("2001:db8:1:2::1") == subscriber("2001:db8:1:2:ffff::9")
    assert subscriber("2001:db8:1:2::1") != subscriber("2001:db8:1:3::1")
    assert subscriber("fe80::1%eth0") == subscriber("fe80::2%eth0")
    assert subscriber("::ffff:192.0.2.1") == subscriber("192.0.2.1")
    assert subscriber("192.0.2.1") == bytes([192, 0, 2, 1])


def test_the_networks_of_one_attacker() -> None:
    assert neighbourhoods("192.0.2.1") == neighbourhoods("::ffff:192.0.2.99") != neighbourhoods("192.0.3.1")
    small, large = neighbourhoods("2001:db8:0:1ff::1")
    assert neighbourhoods("2001:db8:0:100::2") == (small, large)
    assert neighbourhoods("2001:db8:0:200::2")[1] == large
    assert neighbourhoods("unknown") == (b"unknown",)
