"""Fields of a form or a query: ``application/x-www-form-urlencoded`` (WHATWG URL, section 5.1).

Cookies and the parameters of a header are cut the same way: their values stand between ``=`` and ``;`` or ``,``.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from canaries.decoders import Decoder, Found, Layer

_SEPARATOR = re.compile(rb"[&;\r\n]+")
_MOST = 10_000
"""Fields; the words of further ones are seen, their values as a whole are not."""


class FormDecoder(Decoder):
    """``a=1&b=2``."""

    name = "form"
    guesses = True
    text = True
    holds = (b"=",)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        if not layer.unicode:
            return
        pieces = _SEPARATOR.split(layer.data, _MOST)
        if len(pieces) > _MOST:
            found.note("fields")
        for piece in pieces:
            _, equals, value = piece.lstrip(b"=").partition(b"=")  # a line of "====" is no field in a field
            if b" HTTP/" in value:
                value = value.rpartition(b" HTTP/")[0]
            if not equals or len(value) < 8:
                continue
            if b"%" in value or b"+" in value:
                if found.spend(40 * len(value)):
                    found.add(unquote_to_bytes(value.replace(b"+", b" ")), value)
                    if b"+" in value:
                        found.part(value)
            else:
                found.part(value.strip(b' "'))
