"""Strings of JSON (RFC 8259, section 7), of NDJSON, of GraphQL, of JavaScript; also where the document is cut short.

Every quoted string is taken, whatever stands around it: no document has to be whole, and one inside another is found
when the outer string has been undone.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

# An end of the data ends the last string too: each quote is passed once, so hostile quotes cost no more than others.
_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)', re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|([^u]))", re.DOTALL)
_SHORT = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}
_MOST = 50_000
_CONTROLS = bytes({*range(0x20)} - {9, 10, 13})


def _allowed(value: bytes) -> bool:
    """A string holds no control characters; what does is noise between two quotes."""
    return len(value.translate(None, _CONTROLS)) == len(value)


def _character(match: re.Match[bytes]) -> bytes:
    if match[3] is not None:
        return _SHORT.get(match[3], match[3])
    code = int(match[1], 16)
    if match[2] is not None:
        if 0xD800 <= code < 0xDC00:
            code = 0x10000 + ((code - 0xD800) << 10) + (int(match[2], 16) - 0xDC00)
        else:
            return chr(code).encode("utf-8", "backslashreplace") + b"\\u" + match[2]
    return chr(code).encode("utf-8", "backslashreplace")  # half a surrogate pair stays visible


class JsonStringsDecoder(Decoder):
    """``"..."`` with its escapes undone."""

    name = "json"
    text = True
    holds = (b'"',)
    cost = 10

    def decode(self, layer: Layer, found: Found) -> None:
        for number, match in enumerate(_STRING.finditer(layer.data)):
            if number >= _MOST:
                found.note("fields")
                return
            value = match[1]
            if len(value) < 8 or not _allowed(value):
                continue
            if b"\\" in value:
                if not found.spend(60 * len(value)):
                    return
                found.add(_ESCAPE.sub(_character, value), value)
            else:
                found.part(value)
