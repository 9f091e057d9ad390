"""xz."""

from __future__ import annotations

import lzma
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "xz": lambda data: lzma.compress(data, preset=0),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
