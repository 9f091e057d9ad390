"""Base32, of either case."""

from __future__ import annotations

import base64
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "base32": base64.b32encode,
    "base32, unpadded, lower case": lambda data: base64.b32encode(data).rstrip(b"=").lower(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
