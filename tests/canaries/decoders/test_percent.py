"""Percent-encoding."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote_from_bytes

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "percent": lambda data: quote_from_bytes(data, safe="").encode(),
    "percent, every byte": lambda data: b"".join(b"%%%02x" % byte for byte in data),
    "percent, twice": lambda data: quote_from_bytes(
        quote_from_bytes(data, safe="").encode(), safe=""
    ).encode(),
    "percent, wide": lambda data: b"".join(b"%%u%04X" % byte for byte in data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
