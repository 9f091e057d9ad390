"""MySQL's packets: cut anywhere and put together anyhow, compressed or not; what lies about its size is refused."""

from __future__ import annotations

import itertools
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_packets import PacketStream

MOST = 4096


def packet(body: bytes, number: int = 0) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def outer(content: bytes, plain: int, number: int = 0) -> bytes:
    return len(content).to_bytes(3, "little") + bytes([number]) + plain.to_bytes(3, "little") + content


def compressing() -> PacketStream:
    stream = PacketStream(MOST)
    stream.compress()
    return stream


def taken(stream: PacketStream, parts: list[bytes]) -> list[bytes]:
    came, found = bytearray(), []
    for part in parts:
        came += part
        while (body := stream.take(came)) is not None:
            found.append(body)
    assert not came
    return found


def cut(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place for place in at if place < len(data))})
    return [data[begin:end] for begin, end in itertools.pairwise(places)]


@given(st.lists(st.binary(max_size=90), max_size=5), st.lists(st.integers(0, 500)))
def test_packets_are_taken_however_they_are_cut(bodies: list[bytes], cuts: list[int]) -> None:
    assert taken(PacketStream(MOST), cut(b"".join(map(packet, bodies)), cuts)) == bodies


@given(
    st.lists(st.binary(max_size=90), max_size=5),
    st.lists(st.integers(0, 500)),
    st.lists(st.integers(0, 500)),
    st.integers(0, 2),
)
def test_so_they_are_where_compressed_ones_hold_any_part_of_them(
    bodies: list[bytes], within: list[int], cuts: list[int], plainly: int
) -> None:
    parts = cut(b"".join(map(packet, bodies)), within)
    sent = b"".join(
        outer(part, 0) if number % 3 < plainly else outer(zlib.compress(part), len(part))
        for number, part in enumerate(parts)
    )
    assert taken(compressing(), cut(sent, cuts)) == bodies


@given(st.lists(st.binary(max_size=90), min_size=1, max_size=5))
def test_what_one_side_sends_the_other_takes(bodies: list[bytes]) -> None:
    for make in (compressing, lambda: PacketStream(MOST)):
        assert taken(make(), [make().packets(*bodies)]) == bodies


def test_answers_are_numbered_on_inside_and_outside() -> None:
    stream = compressing()
    taken(stream, [outer(packet(b"one", 4), 0, 7)])
    said = stream.packets(b"a" * 60, b"b")
    assert said[3] == 8
    assert zlib.decompress(said[7:]) == packet(b"a" * 60, 5) + packet(b"b", 6)
    assert stream.packets(b"c") == outer(packet(b"c", 7), 0, 9)


@pytest.mark.parametrize(
    "lie",
    [
        outer(zlib.compress(b"x" * 60), 61),
        outer(zlib.compress(b"x" * 60), 59),
        outer(zlib.compress(b"x" * (MOST + 1)), MOST + 1),
        outer(packet(b"")[:3] + b"\0" * 9, 12),
        outer(packet(b"x" * MOST)[:2] + b"\x01\0", 0),
    ],
    ids=["more", "less", "a bomb", "not compressed", "too long within"],
)
def test_what_is_not_as_it_says_is_refused(lie: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        compressing().take(bytearray(lie))


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(noise: bytes) -> None:
    came, stream = bytearray(noise), compressing()
    try:
        while stream.take(came) is not None:
            pass
    except (ValueError, zlib.error):
        return
    assert len(came) <= len(noise)
