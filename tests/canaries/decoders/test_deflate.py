"""Bare deflate."""

from __future__ import annotations

import zlib
from collections.abc import Callable


def deflated(data: bytes) -> bytes:
    """Without zlib's header."""
    program = zlib.compressobj(9, zlib.DEFLATED, -15)
    return program.compress(data) + program.flush()


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "deflate": deflated,
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
