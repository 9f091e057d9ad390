"""How bodies end: the same however the bytes are cut, and never with more kept than the limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.framing import Chunked, Sized


def fed(body: Sized | Chunked, data: bytes, step: int) -> tuple[int, bytes]:
    """How many bytes it took, and what it kept."""
    buffer, taken = bytearray(), 0
    for start in range(0, len(data), step):
        buffer += data[start : start + step]
        count = body.consume(buffer)
        del buffer[:count]
        taken += count
    return taken, bytes(body.kept)


@given(st.integers(0, 50), st.integers(0, 60), st.integers(1, 20))
def test_a_sized_body_takes_its_length_and_no_more(length: int, limit: int, step: int) -> None:
    body = Sized(length, limit)
    taken, kept = fed(body, b"x" * 50, step)
    assert (taken, len(kept), body.done) == (length, min(length, limit), True)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(1, 30), st.integers(0, 100))
def test_a_chunked_body_is_its_chunks(chunks: list[bytes], step: int, limit: int) -> None:
    data = b"".join(b"%x;a=b\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nA: b\r\n\r\n"
    body = Chunked(limit)
    taken, kept = fed(body, data + b"NEXT", step)
    assert body.done
    assert (taken, kept) == (len(data), b"".join(chunks)[:limit])


@pytest.mark.parametrize(
    "data",
    [
        b"x\r\n",
        b"-1\r\n",
        b"f" * 16,
        b"\r\n",
        b"2\r\nabc\r\n",
        b"1\r\na\n\n",
        b"1" * 16 + b"\r\n",
    ],
)
@pytest.mark.parametrize("step", [1, 3, 10_000])
def test_what_is_no_chunk_is_refused(data: bytes, step: int) -> None:
    with pytest.raises(ValueError, match="chunk"):
        fed(Chunked(100), data, step)


@pytest.mark.parametrize("step", [100, 10_000])
def test_a_line_without_an_end_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match="does not end"):
        fed(Chunked(100), b"1;" + b"e" * 20_000, step)
