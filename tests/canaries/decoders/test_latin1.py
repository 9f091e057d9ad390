"""Bytes as characters of the same numbers."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "latin-1": lambda data: data.decode("latin-1").encode(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
