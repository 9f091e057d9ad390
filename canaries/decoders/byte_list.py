"""Bytes as a list of numbers: ``[65, 66, 67]``, as JSON shows the buffers of Node.js, byte arrays of Java, and
``[65 66 67]``, as Go prints them."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_LIST = re.compile(rb"(?:-?[0-9]{1,3}+ ?,[ \r\n]{0,3}+){11,}+(?:-?[0-9]{1,3}+)?")
_SPACED = re.compile(rb"\[((?:[0-9]{1,3}+ ){11,}+[0-9]{1,3})\]")
_NUMBER = re.compile(rb"-?[0-9]{1,3}")


class ByteListDecoder(Decoder):
    """``[65, 66]``."""

    name = "byte list"
    text = True
    holds = (b",", b"[")
    cost = 10

    def decode(self, layer: Layer, found: Found) -> None:
        lists = [*_LIST.finditer(layer.data)]
        if b"[" in layer.data:
            lists += _SPACED.finditer(layer.data)
        for match in lists:
            if found.spend(40 * len(match[0])):
                numbers = [int(number) for number in _NUMBER.findall(match[0])]
                if all(-128 <= number <= 255 for number in numbers):
                    found.add(bytes(number & 255 for number in numbers), match[0])
