"""Bytes as eight binary digits each: ``01100001 01100010``, apart or in one run."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import has_run, marking

_ROW = re.compile(rb"(?<![01])(?:[01]{8}[ ,;_\r\n]{0,3}+){10,}+")
_IN_ROW, _LEAST_ROW = marking(b"01 ,;_\r\n"), 80
"""All that `_ROW` is made of, and how much of it at least."""


class BinaryDigitsDecoder(Decoder):
    """``01100001``."""

    name = "binary digits"
    text = True
    holds = (b"0110", b"0111", b"0100")
    """With one of these each letter and most figures begin."""
    signs = ((b"0110", rb"[01]{8}(?:[ ,;_\r\n]{0,3}[01]{8}){2}"),)
    cost = 2

    def decode(self, layer: Layer, found: Found) -> None:
        if not has_run(layer.data, _IN_ROW, _LEAST_ROW):
            return
        for row in _ROW.finditer(layer.data):
            digits = row[0].translate(None, b" ,;_\r\n")
            if found.spend(20 * len(digits)):
                found.add(int(digits, 2).to_bytes(len(digits) // 8, "big"), row[0])
