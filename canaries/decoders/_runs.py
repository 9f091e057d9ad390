"""Runs of characters in a text: what tokens are made of, and what stands between."""

from __future__ import annotations

from collections.abc import Iterator

ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SHORTEST_RUN = 12
"""Bytes of the shortest run worth a look: 96 bits take more in any alphabet."""

GOES_ON = rb"[A-Za-z0-9+/_\\%&#;-]{8}"
"""How Base64 goes on behind a beginning that source code names too: as it is, or escaped."""


def spaces_but(kept: bytes) -> bytes:
    """A table for `bytes.translate` that turns all but ``kept`` into spaces."""
    return bytes(code if code in kept else 0x20 for code in range(256))


def has_run(data: bytes, marks: bytes, shortest: int) -> bool:
    """Whether so many marked characters (`marking`) follow each other: a pass over bytes, where a pattern is tried at
    each."""
    return b"a" * shortest in data.translate(marks)


def marking(kept: bytes) -> bytes:
    """A table for `long_runs`: which characters a run is made of."""
    return bytes(0x61 if code in kept else 0x20 for code in range(256))


WIDE_CHARACTERS = ALNUM + b"_-+/.@%~!*:=#$^"
WIDE = marking(WIDE_CHARACTERS)
"""Every character of tokens and of the encodings that are text."""


def long_runs(data: bytes, marks: bytes, shortest: int) -> Iterator[bytes]:
    """Runs of at least ``shortest`` marked characters: where there are few, it costs little more than one pass."""
    mask = data.translate(marks)
    row = b"a" * shortest
    start = mask.find(row)
    while start >= 0:
        end = mask.find(b" ", start)
        if end < 0:
            end = len(data)
        yield data[start:end]
        start = mask.find(row, end)
