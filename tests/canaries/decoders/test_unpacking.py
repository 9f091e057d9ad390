"""Unpacking: bounded, and what came before an error is kept."""

from __future__ import annotations

import gzip
import zlib

from canaries.decoders import USUAL, DecodingBudget, DecodingLimits, Found, Layer
from canaries.decoders._unpacking import Inflater, unpacked


def look(data: bytes, limits: DecodingLimits = USUAL) -> tuple[bytes, int, bool]:
    found = Found(Layer(data), DecodingBudget(limits, 0))
    return unpacked(lambda: Inflater(31), data, 0, found, (zlib.error,))


def test_members_that_follow_are_joined_and_what_follows_them_is_left() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert look(packed + b"rest") == (b"one two", len(packed), True)


def test_what_came_before_an_error_is_kept() -> None:
    text = bytes(range(256)) * 1000
    packed = bytearray(gzip.compress(text, 0))
    packed[100_000:100_010] = bytes(10)
    plain, _, whole = look(bytes(packed))
    assert plain[:60_000] == text[:60_000]
    assert not whole


def test_a_bomb_gives_no_more_than_there_is_room_for() -> None:
    plain, _, whole = look(gzip.compress(bytes(10_000_000)), DecodingLimits(produced=1000))
    assert (len(plain), whole) == (1000, False)


def test_nothing_is_lost_to_what_follows_a_stream_that_is_cut_short() -> None:
    text = b"sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4 "
    whole = gzip.compress(text * 3, mtime=0)
    for size in range(len(whole) - 8, len(whole)):  # less than the check and the length behind it
        assert look(whole[:size] + b"\r\nz LOGOUT\r\n")[0].startswith(text * 3), size
