"""Ascii85 between its marks."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "ascii85": lambda data: base64.a85encode(data, adobe=True, wrapcol=76),
    "ascii85 of a PDF": lambda data: (
        b"<< /Filter [/ASCII85Decode /FlateDecode] >>\nstream\n"
        + base64.a85encode(zlib.compress(data), wrapcol=76)
        + b"~>endstream\n"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_what_is_out_of_range_is_passed_over(texts: Callable[[bytes], set[bytes]]) -> None:
    data = b"<~uuuuu~> <~azzzz~> " + base64.a85encode(b"Zk39aXQ7vT2m", adobe=True)
    assert b"Zk39aXQ7vT2m" in texts(data)
