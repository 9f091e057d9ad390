"""Telling what ordinary words give from what may hold a token."""

from __future__ import annotations

import random
import zlib

import brotli  # type: ignore[import-untyped]
import pytest

from canaries.decoders._promise import promising

TEXT = b"a token in a text of little use: sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"


def bare_deflate(data: bytes) -> bytes:
    program = zlib.compressobj(wbits=-15)
    return program.compress(data) + program.flush()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\x00" + TEXT,
        zlib.compress(TEXT),
        bare_deflate(TEXT),
        brotli.compress(TEXT),
        TEXT.decode().encode("utf-32-le"),
        zlib.compress(TEXT).decode("latin-1").encode(),
    ],
)
def test_whatever_a_decoder_could_make_something_of_is_kept(data: bytes) -> None:
    assert promising(data)


def test_most_of_noise_is_dropped() -> None:
    drawn = random.Random(1)
    assert sum(promising(drawn.randbytes(48)) for _ in range(1000)) < 50
