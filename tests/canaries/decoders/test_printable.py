"""Telling text from noise."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders._printable import (
    is_text,
    is_wide,
    magic_at,
    readable,
    readable_at,
    readable_parts,
    shows_at,
    worth,
)

MIXED = st.lists(
    st.one_of(st.binary(max_size=20), st.text("abc def", max_size=40).map(str.encode)), max_size=8
).map(b"".join)


def test_text_and_noise() -> None:
    assert is_text(b"a line\r\n\tof text")
    assert not is_text(b"a\0b")
    assert worth(b"\0\1 twelve or more \xff")
    assert not worth(b"\0\1short\xff")


@given(MIXED)
def test_the_readable_parts_are_those_of_an_expression(data: bytes) -> None:
    parts = [(match.start(), match.end()) for match in re.finditer(rb"[\t\r\n\x20-\x7e]{12,}", data)]
    assert list(readable_parts(data)) == parts
    assert readable_at(data) == (parts[0][0] if parts else -1)
    assert readable(data) == b"\n".join(data[start:end] for start, end in parts)


@given(MIXED)
def test_something_shows_wherever_text_or_a_mark_is(data: bytes) -> None:
    places = set(shows_at(data))
    assert all(any(start <= at < end for at in places) for start, end in readable_parts(data))
    assert magic_at(data) < 0 or magic_at(data) in places


def test_two_bytes_are_a_mark_near_the_start_only() -> None:
    assert magic_at(b"ab" + b"x\x9c") == 2
    assert magic_at(bytes(100) + b"x\x9c") == -1
    assert magic_at(bytes(100) + b"\x1f\x8b\x08") == 100


def test_wide_text() -> None:
    assert is_wide(b"\xff\xff" + "some text".encode("utf-16-be"))
    assert is_wide("some text".encode("utf-32-le"))
    assert not is_wide(b"some\0text\0and\0more")
