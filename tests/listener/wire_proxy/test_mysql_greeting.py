"""A greeting without what the proxy cannot follow, and nothing else of it changed; numbers that match on both sides."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.wire_proxy import mysql_greeting
from listener.wire_proxy.frames import WireError
from listener.wire_proxy.mysql_greeting import NumberShift, packet
from listener.wire_proxy.mysql_login import SSL

EVERYTHING = 0xFFFFFFFF


def server(flags: int, more: int = 0x1D) -> bytes:
    low, high = flags & 0xFFFF, flags >> 16
    head = b"\x0a10.11.19-MariaDB\0" + struct.pack("<I", 9) + b"saltsalt\0"
    middle = struct.pack("<HBHHB", low, 45, 2, high, 21) + bytes(6) + struct.pack("<I", more)
    return head + middle + b"moresaltmore\0mysql_native_password\0"


def flags_of(body: bytes) -> tuple[int, int]:
    place = body.index(b"\0") + 14
    low, _, _, high = struct.unpack("<HBHH", body[place : place + 7])
    return low | high << 16, struct.unpack("<I", body[place + 14 : place + 18])[0]


@pytest.mark.parametrize("tls", [False, True])
def test_what_is_offered(tls: bool) -> None:
    changed, spoken = mysql_greeting.greeting(server(EVERYTHING & ~1), tls=tls)
    flags, more = flags_of(changed)
    assert spoken
    assert bool(flags & SSL) == tls
    assert EVERYTHING & ~1 & ~flags & ~SSL == 1 << 5 | 1 << 25 | 1 << 26 | 1 << 27
    assert more == 1 << 2
    assert len(changed) == len(server(0))
    assert changed.replace(changed[30:49], b"") == server(0).replace(server(0)[30:49], b"")
    assert flags_of(mysql_greeting.greeting(server(1), tls=False)[0]) == (1, 0x1D)  # MySQL: reserved bytes


def test_what_is_no_greeting() -> None:
    for body in (b"", b"\x09old\0" + bytes(40), b"\x0a8.0\0short"):
        with pytest.raises(WireError):
            mysql_greeting.greeting(body, tls=True)


def test_a_request_for_tls_and_what_the_server_gets() -> None:
    request = struct.pack("<IIB", SSL | 0x200, 1 << 24, 45) + bytes(23)
    assert mysql_greeting.wants_tls(request)
    login = request + b"anna\0"
    assert not mysql_greeting.wants_tls(login)
    assert not int.from_bytes(mysql_greeting.response(login, tls=False)[:4], "little") & SSL
    assert mysql_greeting.tls_request(login) == request
    for short in (b"", bytes(32)):
        with pytest.raises(WireError):
            mysql_greeting.wants_tls(short)


@given(st.sampled_from([-1, 1]), st.lists(st.integers(1, 30), max_size=8))
def test_numbers_are_shifted_until_the_login_is_over(by: int, cuts: list[int]) -> None:
    shift = NumberShift(by)
    assert shift.to_client(packet(3, b"\xfeswitch\0")) == packet(3 - by, b"\xfeswitch\0")
    assert shift.to_server(packet(4, b"proof")) == packet(4 + by, b"proof")
    data, out, place = packet(5, b"\x01\x03") + packet(6, b"\0ok") + packet(1, b"\x02"), b"", 0
    for cut in (*cuts, len(data)):
        out += shift.to_client(data[place : place + cut])
        place += cut
    assert out == packet(5 - by, b"\x01\x03") + packet(6 - by, b"\0ok") + packet(1, b"\x02")
    assert shift.to_server(packet(0, b"\x03SELECT 1")) == packet(0, b"\x03SELECT 1")


def test_without_a_shift_bytes_pass_as_they_are() -> None:
    shift = NumberShift(0)
    assert (shift.to_server(b"\x01"), shift.to_client(b"\x02")) == (b"\x01", b"\x02")
