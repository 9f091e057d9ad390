"""PROXY protocol: both versions, byte for byte, and nothing else."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.net.proxy_protocol import SIGNATURE, Header, ProxyError, at_once, parse, via

V1 = b"PROXY TCP4 198.51.100.7 192.0.2.1 56324 443\r\n"


def v2(command: int = 1, family: int = 0x11, body: bytes = b"", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return SIGNATURE + bytes([0x20 | command, family]) + size.to_bytes(2, "big") + body


FOUR = bytes([198, 51, 100, 7, 192, 0, 2, 1]) + (56324).to_bytes(2, "big") + (443).to_bytes(2, "big")
SIX = (
    ipaddress.ip_address("2001:db8::7").packed
    + ipaddress.ip_address("2001:db8::1").packed
    + b"\x00\x07\x00\x01"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (V1, Header(len(V1), ("198.51.100.7", 56324), ("192.0.2.1", 443))),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 7 1\r\n", Header(40, ("2001:db8::7", 7), ("2001:db8::1", 1))),
        (b"PROXY UNKNOWN\r\n", Header(15, None, None)),
        (b"PROXY UNKNOWN whatever follows\r\n", Header(32, None, None)),
        (v2(body=FOUR), Header(28, ("198.51.100.7", 56324), ("192.0.2.1", 443))),
        (v2(body=FOUR + b"\x04\x00\x01x"), Header(32, ("198.51.100.7", 56324), ("192.0.2.1", 443))),
        (v2(family=0x21, body=SIX), Header(52, ("2001:db8::7", 7), ("2001:db8::1", 1))),
        (v2(command=0), Header(16, None, None)),
        (v2(family=0x31, body=bytes(216)), Header(232, None, None)),
    ],
)
def test_headers(data: bytes, expected: Header) -> None:
    assert parse(data) == expected
    assert parse(data + b"GET / HTTP/1.1\r\n") == expected
    for end in range(len(data)):
        assert parse(data[:end]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01",
        b"PROXY TCP4 198.51.100.7 192.0.2.1 56324\r\n",
        b"PROXY TCP4 2001:db8::7 192.0.2.1 1 2\r\n",
        b"PROXY TCP4 198.51.100.7 192.0.2.1 -1 2\r\n",
        b"PROXY TCP4 198.51.100.7 192.0.2.1 65536 2\r\n",
        b"PROXY TCP9 198.51.100.7 192.0.2.1 1 2\r\n",
        b"PROXY " + b"x" * 120,
        v2(command=2),
        v2(body=FOUR[:-1]),
        v2(length=60_000),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ProxyError):
        parse(data)


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PROXY ", b"PROXY TCP4 ", SIGNATURE, SIGNATURE + b"\x21\x11"]),
)
def test_any_bytes_give_a_header_none_or_a_proxy_error(rest: bytes, prefix: bytes) -> None:
    try:
        header = parse(prefix + rest)
    except ProxyError:
        return
    assert header is None or header.size <= len(prefix + rest)


def test_via_names_client_and_destination_where_the_header_does() -> None:
    header = parse(V1)
    assert header is not None
    assert via(header, ["10.0.0.1"]) == {
        "how": "proxy-protocol",
        "chain": ["10.0.0.1"],
        "client": ["198.51.100.7", 56324],
        "destination": ["192.0.2.1", 443],
    }
    assert via(Header(15, None, None), ["10.0.0.1"]) == {"how": "proxy-protocol", "chain": ["10.0.0.1"]}


@given(st.binary(max_size=60))
def test_at_once_is_parse_without_a_wait_or_an_error(rest: bytes) -> None:
    assert at_once(V1 + rest) == parse(V1)
    assert at_once(V1[:20]) is None
    assert at_once(b"GET / HTTP/1.1\r\n" + rest) is None


@given(st.data())
def test_a_header_is_the_same_however_its_bytes_come(data: st.DataObject) -> None:
    """Asked again with each packet: nothing before the last byte, and the same with more behind it."""
    whole = data.draw(st.sampled_from([V1, v2(body=FOUR), v2(family=0x21, body=SIX), b"PROXY UNKNOWN\r\n"]))
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert parse(whole[:cut]) is None
    found = parse(whole + data.draw(st.binary(max_size=20)))
    assert found is not None
    assert found.size == len(whole)


@given(st.sampled_from([V1, v2(body=FOUR), v2(family=0x21, body=SIX)]), st.data())
def test_one_changed_byte_gives_no_other_source_without_being_another_header(
    whole: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    try:
        found = parse(changed)
    except ProxyError:
        return
    if found is not None and found.source is not None:
        ipaddress.ip_address(found.source[0])
        assert 0 <= found.source[1] <= 65535
