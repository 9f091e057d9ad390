"""Brotli."""

from __future__ import annotations

from collections.abc import Callable

import brotli

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "br, quick": lambda data: brotli.compress(data, quality=0),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
