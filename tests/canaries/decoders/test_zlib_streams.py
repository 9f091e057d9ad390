"""zlib's format, as in cookies of frameworks."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "zlib, stored": lambda data: zlib.compress(data, 0),
    "zlib behind other data": lambda data: b"blob 31\0" + zlib.compress(data),
    "cookie of Flask": lambda data: (
        b"session=."
        + base64.urlsafe_b64encode(zlib.compress(data)).rstrip(b"=")
        + b".Zk1.c2lnbmF0dXJlc2lnbmF0dXJl"
    ),
    "cookie of Django": lambda data: (
        b"." + base64.urlsafe_b64encode(zlib.compress(data)).rstrip(b"=") + b":1tZk1A:c2lnbmF0dXJlc2ln"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
