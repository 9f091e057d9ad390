"""Passwords in settings of WebSphere: Base64 of the characters, each exclusive or an underscore, behind ``{xor}``."""

from __future__ import annotations

import binascii
import re

from canaries.decoders import Decoder, Found, Layer

_CODED = re.compile(rb"\{xor\}([A-Za-z0-9+/]{8,2000})", re.IGNORECASE)
_MASK = bytes(code ^ ord("_") for code in range(256))


class WebSphereXorDecoder(Decoder):
    """``{xor}Lz4sLChvLTs=``."""

    name = "xor"
    text = True
    holds = (b"{xor}", b"{XOR}", b"{Xor}")
    reach = 2 << 10
    signs = tuple((mark, re.escape(mark)) for mark in holds)
    cost = 2

    def decode(self, layer: Layer, found: Found) -> None:
        for coded in _CODED.finditer(layer.data):
            whole = coded[1][: len(coded[1]) - (len(coded[1]) % 4 == 1)]
            found.add(binascii.a2b_base64(whole + b"==").translate(_MASK), coded[0][:64])
