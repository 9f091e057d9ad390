"""Text as a list of its characters: ``['A', 'K', 'I']``, ``{'A','K','I',0}``, ``{"0":"A","1":"K"}``, as programs print
an array of characters, and as JSON has a string that JavaScript spread out."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_LEAST = 12
"""Characters of a row."""
_MARKS = bytes(0x71 if code in b"\"'" else 0x2E for code in range(256))
_CHARACTER = re.compile(rb"'\\?([ -~])'|\"\\?([ -~])\"(?!\s{0,9}:)")
_BETWEEN = re.compile(rb"\s{0,40}+[,+:|][^\"'\[\]{}]{0,40}+(?:\"[0-9]{1,6}\"\s{0,9}+:\s{0,9}+)?")


class CharacterListDecoder(Decoder):
    """``['A', 'K', 'I']``."""

    name = "character list"
    text = True
    holds = (b"','", b"', '", b'","', b'", "', b"',\n", b'",\n', b"'+'", b'":"', b'": "')
    reach = 2 << 10
    signs = ((b'{"0":', rb'\{"0":\s?".",\s{0,9}"1":\s?".",'),)
    cost = 3

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if data.translate(_MARKS).count(b"q.q") < _LEAST or not found.spend(20 * len(data)):
            return
        row, end = bytearray(), 0
        for match in _CHARACTER.finditer(data):
            if not (row and match.start() - end <= 120 and _BETWEEN.fullmatch(data, end, match.start())):
                if len(row) >= _LEAST:
                    found.add(bytes(row))
                row = bytearray()
            row += match[1] or match[2]
            end = match.end()
        if len(row) >= _LEAST:
            found.add(bytes(row))
