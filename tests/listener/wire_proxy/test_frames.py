"""A stream cut anywhere gives the same messages; a long one gives its first part, in bounded memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.postgres_messages import message
from listener.wire_proxy.frames import LONGEST, MysqlFrames, PostgresFrames, WireError
from listener.wire_proxy.mysql_greeting import packet

BODIES = st.lists(st.binary(max_size=80), max_size=12)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@given(BODIES, st.lists(st.integers(0, 5_000), max_size=20))
def test_messages_of_postgresql_however_they_are_cut(bodies: list[bytes], places: list[int]) -> None:
    data = b"".join(message(b"Q", body) for body in bodies)
    frames = PostgresFrames()
    assert [one for part in cut(data, places) for one in frames.feed(part)] == [
        (0x51, body) for body in bodies
    ]


@given(BODIES, st.lists(st.integers(0, 5_000), max_size=20))
def test_packets_of_mysql_however_they_are_cut(bodies: list[bytes], places: list[int]) -> None:
    data = b"".join(packet(number, body) for number, body in enumerate(bodies))
    frames = MysqlFrames()
    assert [one for part in cut(data, places) for one in frames.feed(part)] == list(enumerate(bodies))


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_anything_at_all_is_messages_or_an_error(parts: list[bytes]) -> None:
    frames, packets = PostgresFrames(), MysqlFrames()
    for part in parts:
        list(packets.feed(part))
    try:
        for part in parts:
            list(frames.feed(part))
    except WireError:
        return


def test_a_long_message_is_given_with_its_first_part_and_the_next_one_is_found() -> None:
    long = bytes(3 * LONGEST)
    frames = PostgresFrames()
    data = message(b"D", long) + message(b"C", b"SELECT 1\0")
    found = [
        one for start in range(0, len(data), 65_536) for one in frames.feed(data[start : start + 65_536])
    ]
    assert [(kind, len(body)) for kind, body in found] == [(0x44, len(found[0][1])), (0x43, 9)]
    assert LONGEST - 65_536 <= len(found[0][1]) <= LONGEST + 65_536
    assert [len(body) for _, body in PostgresFrames().feed(data)] == [LONGEST, 9]


def test_the_parts_of_a_packet_of_16_mib_are_one() -> None:
    body = b"x" * 0xFFFFFF
    data = b"\xff\xff\xff\x00" + body + b"\x03\x00\x00\x01end" + packet(0, b"\x0e")
    frames = MysqlFrames()
    found = [
        one for start in range(0, len(data), 1 << 20) for one in frames.feed(data[start : start + (1 << 20)])
    ]
    assert [(number, len(kept)) for number, kept in found] == [(0, LONGEST), (0, 1)]


def test_a_length_that_cannot_be_is_an_error() -> None:
    with pytest.raises(WireError):
        list(PostgresFrames().feed(b"Q\0\0\0\3"))
