"""Hexadecimal: in one run, in lines, ``61 62 63``, ``61:62:63``, ``0x61, 0x62``; dumps of databases and of xxd."""

from __future__ import annotations

import binascii
import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_text, magic_at, readable_at
from canaries.decoders._runs import has_run, long_runs, marking

_SHORTEST = 24
_BINARY_FROM = 32
"""Digits from which on it may be binary data."""
_DIGITS = marking(b"0123456789abcdefABCDEF")
_IN_SPACED, _LEAST_SPACED = marking(b"0123456789abcdefABCDEFx\\\r\n\t:,;|.- "), 24
"""All that `_SPACED` is made of, and how much of it at least."""
_SPACED = re.compile(
    rb"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[:,;|.-]?+(?:[ \t]{0,2}+\\?\r?\n[ \t]{0,16}+|[ \t]{0,2}+)){12,}+"
)
"""A line may end in a backslash, and the next be indented."""
_IN_DUMP, _LEAST_DUMP = marking(b"0123456789abcdefABCDEF:`- \t"), 7
"""The same of `_DUMP`."""
_DUMP = re.compile(
    rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{4,16}(?:`[0-9A-Fa-f]{8})?(?::| -)?[ \t]{1,4}"
    rb"((?:[0-9A-Fa-f]{2,32}(?:[ \t]{1,2}|-|(?=\r?\n|\Z))){1,32}+)"
)
_DRAWN = (b"\xe2\x94\x82", b" "), (b"\xe2\x94\x8a", b"")
"""What stands between the columns of hexyl."""
_NOT_DIGITS = bytes(code for code in range(256) if code not in b"0123456789abcdefABCDEF")


class HexDecoder(Decoder):
    """``616263``."""

    name = "hex"
    text = True
    sieved = True
    reach = 4 << 10
    signs = ((b'"=hex', rb'"=hex(?:\([0-9a-f]\))?:[0-9a-f]{2},'),)
    cost = 16

    def decode(self, layer: Layer, found: Found) -> None:
        for run in dict.fromkeys(long_runs(layer.joined, _DIGITS, _SHORTEST)):
            _run(run, run, found)
        data = layer.data
        marked = any(
            mark in data for mark in (b" ", b":", b",", b"-", b"0x", b"\n", b";", b"|", b".", b"\\x")
        )
        if marked and has_run(data, _IN_SPACED, _LEAST_SPACED):
            for match in _SPACED.finditer(data):
                digits = match[0].replace(b"0x", b"").replace(b"\\x", b"")
                _run(digits.translate(None, _NOT_DIGITS), match[0], found)
        for drawn, instead in _DRAWN:
            data = data.replace(drawn, instead)
        blank = (b" " in data or b"\t" in data) and has_run(data, _IN_DUMP, _LEAST_DUMP)
        lines = [match[1] for match in _DUMP.finditer(data)] if blank else []
        if lines:
            _run(b"".join(lines).translate(None, _NOT_DIGITS), lines[0], found)


def _run(run: bytes, written: bytes, found: Found) -> None:
    for start in (0, 1):
        digits = run[start:]
        data = binascii.unhexlify(digits[: len(digits) // 2 * 2])
        if is_text(data):
            found.add(data, written)
            return
        known = readable_at(data) >= 0 or magic_at(data) >= 0
        if known or (start == 0 and len(run) >= _BINARY_FROM):
            found.add(data, written, doubtful=not known)
