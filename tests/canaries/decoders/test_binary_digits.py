"""Bytes as binary digits."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "binary digits": lambda data: b"".join(format(byte, "08b").encode() for byte in data),
    "binary digits, apart": lambda data: b" ".join(format(byte, "08b").encode() for byte in data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
