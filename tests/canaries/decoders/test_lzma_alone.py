"""The format before xz."""

from __future__ import annotations

import lzma
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=0),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
