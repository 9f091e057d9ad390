"""What TCP carried is put together, whatever the capture's form; what is encrypted, cut or left is named."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pytest

from canaries.scan.containers import Unreadable, capture
from canaries.scan.dumps import DumpReading, Piece
from tests.every import every

NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4"
TEXT = b"POST /s HTTP/1.1\r\n\r\n" + b"a=b&" * 20 + NEEDLE + b"&c=d" * 20
PACKERS: dict[str, object] = {}


def _tcp(number: int, content: bytes) -> bytes:
    return struct.pack(">HHIIBBHHH", 4000, 80, number & 0xFFFFFFFF, 1, 0x50, 0x18, 1000, 0, 0) + content


def _ip4(tcp: bytes) -> bytes:
    head = struct.pack(">BBHIBBH", 0x45, 0, 20 + len(tcp), 0, 64, 6, 0)
    return head + bytes([192, 0, 2, 1, 192, 0, 2, 2]) + tcp


def _ip6(tcp: bytes) -> bytes:
    return struct.pack(">IHBB", 0x60000000, len(tcp), 6, 64) + bytes(15) + b"\x01" + bytes(15) + b"\x02" + tcp


LINKS: dict[str, Callable[[bytes], bytes]] = {
    "Ethernet": lambda tcp: bytes(12) + b"\x08\0" + _ip4(tcp),
    "Ethernet, filled up": lambda tcp: bytes(12) + b"\x08\0" + _ip4(tcp) + bytes(6),
    "Ethernet, IPv6": lambda tcp: bytes(12) + b"\x86\xdd" + _ip6(tcp),
    "Ethernet with a tag": lambda tcp: bytes(12) + b"\x81\0\0\x05\x08\0" + _ip4(tcp),
    "Linux, cooked": lambda tcp: b"\0\0\0\x01\0\x06" + bytes(8) + b"\x08\0" + _ip4(tcp),
    "loopback": lambda tcp: b"\x02\0\0\0" + _ip4(tcp),
    "none": _ip4,
    "none, IPv6": _ip6,
}


def classic(packets: list[bytes], order: str = "<") -> bytes:
    head = struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return head + b"".join(
        struct.pack(order + "IIII", 1, 2, len(packet), len(packet)) + packet for packet in packets
    )


def next_generation(packets: list[bytes], order: str = "<", *, simple: bool = False) -> bytes:
    found = struct.pack(order + "IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
    found += struct.pack(order + "IIHHII", 1, 20, 1, 0, 65535, 20)
    for packet in packets:
        head = struct.pack(order + "I", len(packet))
        if not simple:
            head = struct.pack(order + "IIIII", 0, 0, 1, len(packet), len(packet))
        block = head + packet + bytes(-len(packet) % 4)
        size = struct.pack(order + "I", len(block) + 12)
        found += struct.pack(order + "I", 3 if simple else 6) + size + block + size
    return found


CAPTURES: dict[str, Callable[[list[bytes]], bytes]] = {
    "pcap": classic,
    "pcap, big end first": lambda packets: classic(packets, ">"),
    "pcapng": next_generation,
    "pcapng, big end first": lambda packets: next_generation(packets, ">"),
    "pcapng, simple": lambda packets: next_generation(packets, simple=True),
}


def _sent(text: bytes, link: str = "Ethernet", first: int = 7) -> list[bytes]:
    return [LINKS[link](_tcp(first + at, text[at : at + 10])) for at in range(0, len(text), 10)]


def _read(content: bytes) -> tuple[bytes, list[str]]:
    results = list(DumpReading(1 << 24).file("dump", io.BytesIO(content)))
    read = b"\n".join(one.content for one in results if isinstance(one, Piece))
    return read, [one.reason for one in results if isinstance(one, Unreadable)]


@every("form", CAPTURES)
def test_what_was_sent_in_parts_is_put_together(form: str) -> None:
    read, unread = _read(CAPTURES[form](_sent(TEXT)))
    assert TEXT in read
    assert not unread


@every("link", LINKS)
def test_it_is_found_on_every_link(link: str) -> None:
    assert TEXT in _read(classic(_sent(TEXT, link)))[0]


def test_what_comes_twice_out_of_order_or_over_the_last_number_is_put_right() -> None:
    packets = _sent(TEXT, first=(1 << 32) - 55)
    packets[2], packets[5] = packets[5], packets[2]
    assert TEXT in _read(classic([*packets[:9], *packets[4:]]))[0]


def test_a_short_piece_that_comes_again_moves_nothing() -> None:
    packets = [*_sent(TEXT), LINKS["Ethernet"](_tcp(7, TEXT[:4])), LINKS["Ethernet"](_tcp(10, TEXT[3:5]))]
    assert TEXT in _read(classic(packets))[0]


def test_two_connections_are_kept_apart() -> None:
    other = [packet.replace(b"\x0f\xa0\0\x50", b"\x0f\xa1\0\x50") for packet in _sent(TEXT[::-1])]
    mixed = [packet for pair in zip(_sent(TEXT), other, strict=True) for packet in pair]
    read = _read(classic(mixed))[0]
    assert TEXT in read
    assert TEXT[::-1] in read


def test_what_is_missing_joins_nothing() -> None:
    packets = _sent(TEXT)
    assert TEXT[:20] + b"\n" + TEXT[30:] in _read(classic(packets[:2] + packets[3:]))[0]


def test_encrypted_connections_are_named() -> None:
    assert _read(classic(_sent(b"\x16\x03\x01\x02\0" + bytes(600))))[1] == [
        "1 of its connections are encrypted (tls), each way counted"
    ]


def test_what_is_left_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "_MOST", 50)
    assert any("the rest" in reason for reason in _read(classic(_sent(TEXT)))[1])


def test_small_segments_count_for_more_than_they_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds each of them in memory is longer than they are."""
    monkeypatch.setattr(capture, "_MOST", 2 * len(TEXT))
    assert any("the rest" in reason for reason in _read(classic(_sent(TEXT)))[1])


@every("form", CAPTURES)
def test_a_capture_that_is_cut_short_is_named_and_read_as_far_as_it_goes(form: str) -> None:
    read, unread = _read(CAPTURES[form](_sent(TEXT))[:-9])
    assert unread
    assert TEXT[:-10] in read
