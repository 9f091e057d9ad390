"""uuencode (POSIX.1, uuencode): attachments of old mail, shell archives."""

from __future__ import annotations

import binascii
import re

from canaries.decoders import Decoder, Found, Layer

_BLOCK = re.compile(rb"begin [0-7]{3,4} [^\r\n]*\r?\n((?:[!-`][ -`]{1,84}\r?\n)+)")


class UuencodeDecoder(Decoder):
    """``begin 644 name``, lines that begin with their length, ``end``."""

    name = "uuencode"
    text = True
    holds = (b"begin 6", b"begin 7", b"begin 06", b"begin 4")
    signs = ((b"begin", rb"(?m)^begin(?:-base64)? [0-7]{3} "),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        for block in _BLOCK.finditer(layer.data):
            if not found.room:
                return
            parts = []
            for line in block[1].splitlines():
                try:
                    parts.append(binascii.a2b_uu(line))
                except binascii.Error:  # longer than it says: what was decoded so far is given
                    break
            found.add(b"".join(parts), block[0][:64])
