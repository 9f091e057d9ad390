"""Quoted-printable and encoded words."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "quoted-printable": quopri.encodestring,
    "quoted-printable, every byte": lambda data: b"".join(
        b"=%02X" % byte + (b"=\r\n" if at % 20 == 19 else b"") for at, byte in enumerate(data)
    ),
    "encoded words, q": lambda data: (
        b"Subject: "
        + b"\r\n ".join(
            b"=?utf-8?q?" + b"".join(b"=%02X" % byte for byte in data[at : at + 9]) + b"?="
            for at in range(0, len(data), 9)
        )
    ),
    "encoded words, b": lambda data: (
        b"Subject: "
        + b" ".join(
            b"=?utf-8?B?" + base64.b64encode(data[at : at + 9]) + b"?=" for at in range(0, len(data), 9)
        )
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
