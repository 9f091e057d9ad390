"""Messages of a head and a body."""

from __future__ import annotations

import base64
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "request": lambda data: b"POST /x HTTP/1.1\r\nHost: a.example\r\n\r\n" + data,
    "mail": lambda data: (
        b"EHLO a\r\nMAIL FROM:<a@b.example>\r\nDATA\r\nSubject: x\r\n\r\n" + data + b"\r\n.\r\n"
    ),
    "header, folded": lambda data: b"GET / HTTP/1.1\r\nX-A: b\r\n  " + base64.b64encode(data) + b"\r\n\r\n",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
