"""Header blocks: hpack's are read, whatever is wrong is told as nginx tells it, and answers are read by hpack."""

from __future__ import annotations

import hpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import http2_frames as law
from listener.protocol.http2_fields import FieldReader, written

FIELDS = st.lists(st.tuples(st.binary(min_size=1, max_size=20), st.binary(max_size=40)), max_size=10)


def read(*fragments: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
    """The fields, and the error."""
    reader = FieldReader()
    reader.begin()
    found: list[tuple[bytes, bytes]] = []
    for fragment in fragments[:-1]:
        found += reader.read(fragment, last=False)
    return found + list(reader.read(fragments[-1], last=True)), reader.error


@given(st.lists(FIELDS, min_size=1, max_size=3), st.booleans(), st.integers(0, 400))
def test_what_hpack_writes_is_read_in_whatever_fragments(
    blocks: list[list[tuple[bytes, bytes]]], huffman: bool, at: int
) -> None:
    writer, reader = hpack.Encoder(), FieldReader()
    for fields in blocks:
        block = writer.encode(fields, huffman=huffman)
        reader.begin()
        found = [*reader.read(block[:at], last=False), *reader.read(block[at:], last=True)]
        assert (found, reader.error) == (fields, 0)


@given(st.binary(max_size=100))
def test_no_bytes_raise(noise: bytes) -> None:
    fields, error = read(noise)
    assert error in (0, law.PROTOCOL, law.SIZE, law.COMPRESSION, law.CALM)
    assert len(fields) <= len(noise)


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (b"\x80", law.COMPRESSION),
        (b"\xbe", law.COMPRESSION),
        (b"\x3f\xe2\x1f", law.COMPRESSION),  # a table of 4097 bytes
        (b"\xff", law.SIZE),
        (b"\0\1a\5bc", law.SIZE),
        (b"\0\1a\x81\x18", law.COMPRESSION),
        (b"\0\0\1a", law.PROTOCOL),
    ],
)
def test_an_error_is_told_behind_what_was_read(block: bytes, code: int) -> None:
    fields, error = read(b"\x82" + block)
    assert error == code
    assert fields[0] == (b":method", b"GET")


def test_what_is_too_long_is_an_error_and_read_all_the_same() -> None:
    long = b"k" * 4097
    assert read(hpack.Encoder().encode([(b"a", long)], huffman=False)) == ([(b"a", long)], law.CALM)
    many = [(b"a", b"k" * 4000)] * 5
    assert read(hpack.Encoder().encode(many, huffman=False)) == (many, law.CALM)


@given(st.sampled_from((200, 204, 400, 401, 404, 503)), st.booleans())
def test_an_answer_is_read_by_others(status: int, resized: bool) -> None:
    fields = [
        ("Server", "nginx/1.18.0"),
        ("Content-Length", "12"),
        ("X-Long", "\xe9" * 300),
        ("Location", "/there"),
        ("ETag", '"5e9-264"'),
    ]
    found = hpack.Decoder().decode(written(status, fields, resized=resized), raw=True)
    assert [(str(name, "latin-1"), str(value, "latin-1")) for name, value in found] == [
        (":status", str(status)),
        ("server", "nginx/1.18.0"),
        ("content-length", "12"),
        ("location", "/there"),
        ("x-long", "\xe9" * 300),
        ("etag", '"5e9-264"'),
    ]
