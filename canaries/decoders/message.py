"""Messages of mail and HTTP: a head of ``Name: value`` lines, an empty line, a body (RFC 5322, RFC 9112).

The body is a text of its own, for the encodings that must begin where it begins; the head is given without its folds,
and so is each field that is folded.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"(?:\A|\n)[!-9;-~]{1,100}:")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_FOLDED = re.compile(rb"(?:\A|\n)[!-9;-~]{1,100}:([^\n]*(?:\n[ \t][^\n]*)+)")
_MOST = 1000
"""Fields of one head that are folded."""
_STUFFED = re.compile(rb"^\.(?=\.)", re.MULTILINE)
_HEAD = 256 * 1024
"""Bytes of the longest head."""
_MAIL = re.compile(rb"(?:\A|\n)DATA[ \t]*\r?\n", re.IGNORECASE)


class MessageDecoder(Decoder):
    """A mail, a request, a part of either."""

    name = "message"
    holds = (b"\n\r\n", b"\n\n", b"DATA")
    sieved = True
    cost = 2

    def starts(self, part: bytes) -> bool:
        end = _END.search(part, 0, _HEAD)
        return end is not None and _LINE.search(part, 0, end.start()) is not None

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        start = 0
        if match := _MAIL.search(data, 0, _HEAD):  # behind the commands of an SMTP session
            start = match.end()
            found.add(_STUFFED.sub(b"", data[start:]), data[start : start + 64])
        end = _END.search(data, start, start + _HEAD)
        if end is None or _LINE.search(data, start, end.start()) is None:
            return
        head = data[start : end.start()]
        if b"\n " in head or b"\n\t" in head:
            found.add(_FOLD.sub(b" ", head))
            found.add(_FOLD.sub(b"", head))
            for field in _FOLDED.findall(head)[:_MOST]:
                found.part(_FOLD.sub(b"", field).strip())
        body = data[end.end() :].removesuffix(b"\r\n.\r\n")  # how SMTP ends a mail
        found.add(body, body[:64])
