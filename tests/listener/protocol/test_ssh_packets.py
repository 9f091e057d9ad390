"""What a client says inside SSH packets: what is kept, and the texts in it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.ssh_packets import PacketTee, packets, texts, typed

VALUE = b"v" * 97
"""The last byte of its length is a letter."""


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def number(value: int) -> bytes:
    return struct.pack(">I", value)


def kept(*payloads: bytes) -> bytes:
    tee = PacketTee(1 << 20)
    for payload in payloads:
        tee.add(payload)
    return tee.take(1 << 20)


USERAUTH = b"\x32" + string(b"bob") + string(b"ssh-connection")
PACKETS = {
    "disconnect": b"\x01" + number(11) + string(VALUE) + string(b""),
    "ignore": b"\x02" + string(VALUE),
    "debug": b"\x04\x01" + string(VALUE) + string(b""),
    "extension": b"\x07" + number(1) + string(b"name") + string(VALUE),
    "password": USERAUTH + string(b"password") + b"\0" + string(VALUE),
    "new password": USERAUTH + string(b"password") + b"\x01" + string(b"old") + string(VALUE),
    "unknown method": USERAUTH + string(b"own") + string(VALUE),
    "answer": b"\x3d" + number(1) + string(VALUE),
    "global request": b"\x50" + string(b"tcpip-forward") + b"\x01" + string(VALUE) + number(80),
    "target": b"\x5a"
    + string(b"direct-tcpip")
    + bytes(12)
    + string(VALUE)
    + number(9)
    + string(b"o")
    + number(9),
    "origin": b"\x5a"
    + string(b"direct-tcpip")
    + bytes(12)
    + string(b"h" * 9)
    + number(2)
    + string(VALUE)
    + number(9),
    "input": b"\x5e" + number(97) + string(VALUE),
    "extended input": b"\x5f" + number(97) + number(1) + string(VALUE),
    "variable": b"\x62" + number(97) + string(b"env") + b"\x01" + string(b"LC_X") + string(VALUE),
    "terminal": b"\x62"
    + number(0)
    + string(b"pty-req")
    + b"\x01"
    + string(VALUE)
    + number(97) * 4
    + string(b"\0"),
    "modes": b"\x62"
    + number(0)
    + string(b"pty-req")
    + b"\x01"
    + string(b"vt100")
    + number(97) * 4
    + string(VALUE),
    "unknown request": b"\x62" + number(0) + string(b"own") + b"\0" + string(VALUE),
    "unknown packet": b"\xc0" + string(VALUE),
}


@pytest.mark.parametrize("name", PACKETS)
def test_each_text_is_given_without_its_length(name: str) -> None:
    assert VALUE in texts(kept(PACKETS[name]))


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("ssh-ed25519", 1), ("ssh-rsa", 2), ("ecdsa-sha2-nistp256", 2), ("sk-ssh-ed25519", 2), ("ssh-dss", 4)],
)
def test_a_certificate_gives_its_id_whom_it_is_for_and_its_options(algorithm: str, key: int) -> None:
    name = f"{algorithm}-cert-v01@openssh.com".encode()
    blob = string(name) + string(b"n" * 32) + string(b"k" * 32) * key + bytes(12) + string(VALUE)
    blob += string(string(b"root") + string(VALUE + b"2")) + bytes(16)
    blob += string(string(b"force-command") + string(string(VALUE + b"3"))) + string(b"") * 2 + string(b"ca")
    found = texts(kept(USERAUTH + string(b"publickey") + b"\0" + string(name) + string(blob)))
    assert {VALUE, VALUE + b"2", VALUE + b"3"} <= set(found)


def test_what_goes_over_a_channel_is_put_together() -> None:
    def data(channel: int, said: bytes) -> bytes:
        return b"\x5e" + number(channel) + string(said)

    said = kept(data(0, b"ec"), data(1, b"other"), data(0, b"ho"))
    assert texts(said) == [b"echo", b"other"]
    assert typed(said) == b"ecotherho"


def test_a_channel_that_goes_on_after_a_sighting_is_put_together_with_what_it_said_before() -> None:
    def data(channel: int, said: bytes) -> bytes:
        return b"\x5e" + number(channel) + string(said)

    tee, seen = PacketTee(1 << 20), []
    for packet in (data(0, b"to"), data(1, b"other"), data(0, b"ke"), b"\xc0" + string(VALUE), data(0, b"n")):
        tee.add(packet)
        seen.append(tee.take(1000))
    assert [texts(kept) for kept in seen] == [[b"to"], [b"other"], [b"toke"], [VALUE], [b"token"]]
    assert b"".join(map(typed, seen)) == b"tootherken", "shown once"


def test_what_is_repeated_of_channels_is_bounded() -> None:
    tee = PacketTee(1 << 20)
    for channel in range(100):
        tee.add(b"\x5e" + number(channel) + string(b"x" * 9000))
        tee.take(1 << 20)
    for channel in range(100):
        tee.add(b"\x5e" + number(channel) + string(b"y"))
    again = tee.take(1 << 20)
    assert sorted(len(text) for text in texts(again)) == [1] * 84 + [8193] * 16


def test_numbers_alone_are_not_kept() -> None:
    assert kept(b"\x15", b"\x5d" + number(0) + number(1 << 20), b"\x60" + number(0), b"") == b""


def test_what_is_kept_is_bounded_by_a_limit_and_by_what_came() -> None:
    tee = PacketTee(100)
    for _ in range(9):
        tee.add(b"\xc0" + b"x" * 30)
    assert 90 < len(tee.take(1 << 20)) <= 100
    assert not tee
    tee = PacketTee(1 << 20)
    tee.add(b"\xc0" + bytes(100_000))
    tee.unpacked(b"\xc0" + bytes(200_000))
    assert len(tee.take(1000)) == 4096 + 4000
    assert tee.take(1000) == b""


def test_a_packet_that_was_packed_is_kept_unpacked() -> None:
    tee = PacketTee(1000)
    for packed, said in ((b"\xc0 first", b"\xc0 1"), (b"\x5d second", b"\xc0 2")):
        tee.add(packed)
        tee.unpacked(said)
    assert list(packets(tee.take(1000))) == [b"\xc0 1", b"\xc0 2"]


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=6), st.binary(max_size=300), st.integers(0, 200))
def test_no_bytes_raise(payloads: list[bytes], rest: bytes, cut: int) -> None:
    said = (kept(*payloads) + rest)[cut:]
    for one in (kept(*payloads), said):
        texts(one)
        typed(one)
