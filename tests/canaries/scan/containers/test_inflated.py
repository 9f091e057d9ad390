"""zlib streams are read in pieces of any size, and one that is cut short says so."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers._inflated import Inflated, begins_zlib


@given(st.binary(max_size=3000), st.integers(1, 700), st.integers(1, 700))
def test_what_was_packed_comes_out(data: bytes, piece: int, size: int) -> None:
    packed = zlib.compress(data) + b"what follows"
    stream = Inflated(packed[start : start + piece] for start in range(0, len(packed), piece))
    assert b"".join(iter(lambda: stream.read(size), b"")) == data


def test_a_stream_that_ends_too_early_is_an_error() -> None:
    packed = zlib.compress(bytes(range(256)) * 20)
    stream = Inflated(iter([packed[:-20]]))
    with pytest.raises(EOFError):
        list(iter(lambda: stream.read(100), b""))


@given(st.binary(max_size=40))
def test_any_beginning_may_be_asked_about(head: bytes) -> None:
    assert begins_zlib(zlib.compress(b"text" + head))
    begins_zlib(head)
