"""bzip2."""

from __future__ import annotations

import bz2
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "bzip2": bz2.compress,
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
