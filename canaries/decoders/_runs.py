"""Runs of characters in a text: what tokens are made of, and what stands between."""

from __future__ import annotations

ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SHORTEST_RUN = 12
"""Bytes of the shortest run worth a look: 96 bits take more in any alphabet."""


def spaces_but(kept: bytes) -> bytes:
    """A table for `bytes.translate` that turns all but ``kept`` into spaces."""
    return bytes(code if code in kept else 0x20 for code in range(256))


WIDE = spaces_but(ALNUM + b"_-+/.@%~!*:=#$^")
"""Every character of tokens and of the encodings that are text."""
