"""Frames out of bytes: in whatever pieces they come, and errors in their heads."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import http2_frames as law
from listener.protocol.http2_frames import PREFACE, FrameReader, Http2Error, frame


def read(*pieces: bytes) -> tuple[list[tuple[int, int, bytes]], int]:
    """(kind, stream, content) of each frame, its pieces put together, and the error code at the end; -1: none."""
    reader, found, begun = FrameReader(), [], b""
    try:
        for data in pieces:
            for piece in reader.feed(data):
                begun += piece.data
                if piece.whole:
                    found.append((piece.kind, piece.stream, begun))
                    begun = b""
    except Http2Error as problem:
        return found, problem.code
    return found, -1


SAID = (
    PREFACE
    + frame(law.SETTINGS, 0, 0, bytes(12))
    + frame(law.HEADERS, law.END_BLOCK | law.PADDED | law.WEIGHED, 1, b"\3" + bytes(5) + b"abc" + bytes(3))
    + frame(law.DATA, law.PADDED, 1, b"\2body\0\0")
    + frame(99, 0, 7, b"anything")
    + frame(law.HEADERS, 0, 3, b"one")
    + frame(law.CONTINUATION, law.END_BLOCK, 3, b"two")
    + frame(law.PING, 0, 0, b"12345678")
)


@given(st.lists(st.integers(0, len(SAID)), max_size=8))
def test_frames_are_the_same_in_whatever_pieces_they_come(cuts: list[int]) -> None:
    at = [0, *sorted(cuts), len(SAID)]
    found, error = read(*[SAID[begin:end] for begin, end in pairwise(at)])
    assert error == -1
    assert [one for one in found if one[0] != law.OTHER] == [
        (law.SETTINGS, 0, bytes(12)),
        (law.HEADERS, 1, bytes(5) + b"abc"),
        (law.DATA, 1, b"body"),
        (99, 7, b"anything"),
        (law.HEADERS, 3, b"one"),
        (law.CONTINUATION, 3, b"two"),
        (law.PING, 0, b"12345678"),
    ]
    assert sum(one[0] == law.OTHER for one in found) == 2  # padding, which may hold a text too


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", law.PROTOCOL),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", law.PROTOCOL),
        (PREFACE + frame(law.PING, 0, 0, b"1234567"), law.SIZE),
        (PREFACE + frame(law.SETTINGS, 0, 0, b"12345"), law.SIZE),
        (PREFACE + frame(law.SETTINGS, law.ACK, 0, b"123456"), law.SIZE),
        (PREFACE + frame(law.PROMISE, 0, 1, b"1234"), law.PROTOCOL),
        (PREFACE + frame(law.CONTINUATION, 0, 1, b"1"), law.PROTOCOL),
        (PREFACE + frame(law.HEADERS, 0, 1, b"1") + frame(law.PING, 0, 0, bytes(8)), law.PROTOCOL),
        (PREFACE + frame(law.HEADERS, 0, 1, b"1") + frame(law.CONTINUATION, 0, 3, b"1"), law.PROTOCOL),
        (PREFACE + frame(law.DATA, law.PADDED, 1, b"\5abcd"), law.PROTOCOL),
        (PREFACE + frame(law.HEADERS, law.PADDED, 1, b"\0"), law.SIZE),
    ],
)
def test_an_error_is_found_by_a_head(said: bytes, code: int) -> None:
    assert read(said)[1] == code


def test_nothing_waits_for_what_a_head_has_announced() -> None:
    head = ((1 << 24) - 1).to_bytes(3, "big") + bytes([law.DATA, 0]) + (1).to_bytes(4, "big")
    reader = FrameReader()
    (piece,) = reader.feed(PREFACE + head + b"first")
    assert (piece.data, piece.whole) == (b"first", False)
    assert reader.incomplete
    (piece,) = FrameReader().feed(PREFACE + head[:3] + bytes([law.HEADERS, 4]) + head[5:] + bytes(65_536))
    assert (len(piece.data), piece.whole) == (65_536, False)
