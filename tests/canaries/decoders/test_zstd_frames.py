"""Zstandard."""

from __future__ import annotations

from collections.abc import Callable

from canaries.decoders.zstd_frames import _zstd

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: _zstd().compress(data),
    "zstd, two frames": lambda data: _zstd().compress(data[:9]) + _zstd().compress(data[9:]),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
