"""gzip, whole, cut short, of several members."""

from __future__ import annotations

import gzip
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "gzip, several members": lambda data: gzip.compress(data[:9], mtime=0) + gzip.compress(data[9:], mtime=0),
    "gzip behind other data": lambda data: b"\x00\x07head\x00" + gzip.compress(data, mtime=0),
    "gzip, cut short": lambda data: gzip.compress(data, mtime=0)[:-8],
    "gzip, far inside": lambda data: gzip.compress(
        b"POST / HTTP/1.1\r\n" + b"X-Y: z\r\n" * 8_000 + b"\r\n" + data, mtime=0
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
