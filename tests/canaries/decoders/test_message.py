"""Messages of a head and a body."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

from canaries.decoders import USUAL, DecodingBudget, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "request": lambda data: b"POST /x HTTP/1.1\r\nHost: a.example\r\n\r\n" + data,
    "mail": lambda data: (
        b"EHLO a\r\nMAIL FROM:<a@b.example>\r\nDATA\r\nSubject: x\r\n\r\n" + data + b"\r\n.\r\n"
    ),
    "header, folded": lambda data: b"GET / HTTP/1.1\r\nX-A: b\r\n  " + base64.b64encode(data) + b"\r\n\r\n",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_field_that_is_folded_is_a_text_of_its_own() -> None:
    """What is known only by where it begins is found in it."""
    token = b"sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"
    program = zlib.compressobj(wbits=-15)
    packed = program.compress(token) + program.flush()
    for fold in (b"\r\n ", b"\n\t"):
        coded = b"".join(b"&#x%X;" % code for code in packed)
        said = b"EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: x\r\nX-Note:"
        said += fold + coded + b"\r\n\r\nhello\r\n.\r\nQUIT\r\n"
        assert any(token in layer.data for layer in unwrap(said, DecodingBudget(USUAL, len(said))))
