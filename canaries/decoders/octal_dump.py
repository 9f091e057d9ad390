"""Dumps that ``od``, ``hexdump``, ``xxd`` and gdb write with few options: octal, decimal or hexadecimal words in the
order of a little-endian machine's memory, octal bytes, bits, and characters in columns."""

from __future__ import annotations

import re
from itertools import islice

from canaries.decoders import Decoder, Found, Layer

_LINE = re.compile(
    rb"^(?:0x)?[0-9a-f]{6,16}(?: <[^>\n]{1,60}>)?(:?)((?:[ \t]+[!-~]{1,80}){1,40})[ \t]*\r?$", re.MULTILINE
)
_MOST = 100_000
_COLUMN = 4
_NAMED = dict(zip((b"\\a", b"\\b", b"\\t", b"\\n", b"\\v", b"\\f", b"\\r"), range(7, 14), strict=True))
_NAMED |= {b"nl": 10, b"sp": 32}
_FORMS = tuple(
    (re.compile(fields), base, size)
    for fields, base, size in (
        (rb"(?:[0-7]{3} )+", 8, 1),
        (rb"(?:[0-7]{6} )+", 8, 2),
        (rb"(?:[0-9a-f]{2} )+", 16, 1),
        (rb"(?:[0-9a-f]{4} )+", 16, 2),
        (rb"(?:[0-9a-f]{8} )+(?:[0-9a-f]{2,6} )?", 16, 4),
        (rb"(?:[0-9a-f]{16} )+", 16, 8),
        (rb"(?:[0-9]{1,5} )+", 10, 2),
        (rb"(?:[0-9]{1,3} )+", 10, 1),
        (rb"(?:[01]{8} )+", 2, 1),
    )
)
"""What the fields of a dump look like; the base of their numbers, and the bytes that each stands for."""


class OctalDumpDecoder(Decoder):
    """``0000000 063550 057560``, ``0000000   t   o   k``."""

    name = "octal dump"
    text = True
    holds = (b"00000 ", b"00010 ", b"00020 ", b"00000: ", b":\t0x")
    """The address of the first or the second line."""
    signs = ((b"0000000", rb"0000000:? +[!-~]{1,16} +[!-~]{1,16} +[!-~]{1,16} "),)
    cost = 16

    def decode(self, layer: Layer, found: Found) -> None:
        before, first, dump = layer.data.partition(b"0000000")  # what stands before it may end in a digit
        lines = list(islice(_LINE.finditer(before + b"\n" + first + dump), _MOST))
        if not lines or not found.spend(40 * len(layer.data)):
            return
        # xxd writes the text beside, two spaces from the numbers
        rows = [line[2].strip().partition(b"  ")[0] if line[1] else line[2] for line in lines]
        fields = b" ".join(rows).replace(b"0x", b"").split()
        written = b" ".join(fields) + b" "
        forms = [(base, size) for form, base, size in _FORMS if form.fullmatch(written)]
        for base, size in forms:
            numbers = (int(field, base) & ((1 << 8 * size) - 1) for field in fields)
            found.add(b"".join(one.to_bytes(size, "little") for one in numbers), lines[0][0])
        if not forms:
            found.add(b"".join(_characters(row.rstrip()) for row in rows), lines[0][0])


def _characters(row: bytes) -> bytes:
    """One line of ``od -c``, ``od -a`` or ``hexdump -c``: each character in a column of four."""
    whole = bytearray()
    for start in range(0, len(row), _COLUMN):
        cell = row[start : start + _COLUMN].strip()
        if len(cell) == 3 and not cell.translate(None, b"01234567"):
            whole.append(int(cell, 8) & 0xFF)
        elif len(cell) <= 1:
            whole += cell or b" "
        else:
            whole.append(_NAMED.get(cell, 0))
    return bytes(whole)
