"""Bytes as numbers."""

from __future__ import annotations

import json
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "byte list of Go": lambda data: b"[" + b" ".join(b"%d" % byte for byte in data) + b"]",
    "byte list": lambda data: json.dumps({"type": "Buffer", "data": list(data)}).encode(),
    "byte list, signed": lambda data: json.dumps(
        [byte - 256 if byte > 127 else byte for byte in data]
    ).encode(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
