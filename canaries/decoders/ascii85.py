"""Ascii85 between its marks, ``<~`` and ``~>`` (PostScript Language Reference, section 3.13.3); in a stream of a PDF
without the first."""

from __future__ import annotations

import base64
import re

from canaries.decoders import Decoder, Found, Layer

_CODED = re.compile(rb"(?:<~|stream\r?\n)([!-uz\s]{5,}?)~>")


class Ascii85Decoder(Decoder):
    """``<~87cURD]j7BEbo7~>``."""

    name = "ascii85"
    text = True
    holds = (b"<~", b"~>")
    signs = ((b"<~", rb"<~[!-uz\s]{5}"),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        for coded in _CODED.finditer(layer.data):
            if not found.room or not found.spend(150 * len(coded[0])):
                return
            try:
                found.add(base64.a85decode(coded[1]), coded[0][:64])
            except ValueError:
                continue
