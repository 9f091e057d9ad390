"""Bytes as a list of numbers: ``[65, 66, 67]``, as JSON shows the buffers of Node.js, byte arrays of Java,
``[65 66 67]``, as Go prints them, and ``65 66 67`` in a row or a column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_text
from canaries.decoders._runs import has_run, marking

_LIST = re.compile(rb"(?:-?[0-9]{1,3}+ ?,[ \t\r\n]{0,16}+){11,}+(?:-?[0-9]{1,3}+)?")
_SPACED = re.compile(rb"\[((?:[0-9]{1,3}+ ){11,}+[0-9]{1,3})\]")
_ROW = re.compile(
    rb"(?<![0-9.,:-])(?:[1-9][0-9]{1,2}(?:[ \t;]{1,3}+|\r?\n[ \t]{0,5}+)){11,}+(?:[1-9][0-9]{1,2})?(?![0-9.,:-])"
)
_IN_ROW, _LEAST_ROW = marking(b"0123456789 \t;\r\n"), 35
"""All that `_ROW` is made of, and how much of it at least."""
_NUMBER = re.compile(rb"-?[0-9]{1,3}")


class ByteListDecoder(Decoder):
    """``[65, 66]``."""

    name = "byte list"
    text = True
    holds = (b",", b"[", b" 1", b"\n1", b";1", b"\t1")
    """In a row, letters are numbers of three figures."""
    reach = 2 << 10
    signs = ((b"[1", rb"\[1[0-9]{1,2}(?: [0-9]{1,3}){8}"), (b"[9", rb"\[9[0-9](?: [0-9]{1,3}){8}"))
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        for match in _lists(layer.data):
            if found.spend(40 * len(match[0])):
                numbers = [int(number) for number in _NUMBER.findall(match[0])]
                if all(-128 <= number <= 255 for number in numbers):
                    whole = bytes(number & 255 for number in numbers)
                    if match.re is not _ROW or is_text(whole):  # in a row may be anything that was counted
                        found.add(whole, match[0])


def _lists(data: bytes) -> Iterator[re.Match[bytes]]:
    if b"," in data:
        yield from _LIST.finditer(data)
    if b"[" in data:
        yield from _SPACED.finditer(data)
    if has_run(data, _IN_ROW, _LEAST_ROW):
        yield from _ROW.finditer(data)
