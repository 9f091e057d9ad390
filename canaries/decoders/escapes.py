r"""Backslash escapes of C, JavaScript, Python and databases: ``\x41``, ``\u0041``, ``\u{41}``, ``\101``, ``\/``; those
of PowerShell, with a grave accent in place of the backslash.

Undone over a whole text, for the tokens whose letters are escaped outside any quoted string, and in single quotes.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_ESCAPE = re.compile(
    rb"(?:`u|#)[{(]([0-9A-Fa-f]{1,6})[})]"
    rb"|\\(?:[xX]([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(?:[ux]\{|N\{U\+)([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8})|([0-3][0-7]{2})"
    rb"|(\r?\n[ \t]{0,40}+)|(.))",
    re.DOTALL,
)
_STRING = re.compile(rb"'((?:[^'\\]++|\\.)*+)(?:'|\\?\Z)", re.DOTALL)
"""In single quotes; those in double ones are JSON's too."""
_DOUBLE = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)', re.DOTALL)
_SHORT = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"0": b"\0", b"b": b"\b", b"f": b"\f"}


def _character(match: re.Match[bytes]) -> bytes:
    if match[2] is not None:
        return bytes([int(match[2], 16)])
    if match[6] is not None:
        return bytes([int(match[6], 8)])
    if match[7] is not None:  # a line that goes on, and how the next is indented
        return b""
    if match[8] is not None:
        return _SHORT.get(match[8], match[8])
    code = int(match[1] or match[3] or match[4] or match[5], 16)
    return chr(code).encode("utf-8", "backslashreplace") if code < 0x110000 else match[0]


class EscapesDecoder(Decoder):
    r"""``\x41``."""

    name = "escapes"
    guesses = True
    text = True
    holds = (b"\\", b"`u{", b"#(00")
    reach = 2 << 10
    signs = ((b"\\u{", rb"\\u\{[0-9a-fA-F]{1,6}\}"), (b"`u{", rb"`u\{[0-9a-fA-F]{1,6}\}"))
    cost = 60

    def decode(self, layer: Layer, found: Found) -> None:
        if layer.separate:  # a backslash at the end of one string says nothing of the next
            lines = layer.data.split(b"\n")
            found.add(b"\n".join(_ESCAPE.sub(_character, line) for line in lines), separate=True)
            return
        found.add(_ESCAPE.sub(_character, layer.data))
        if not layer.unicode:  # in noise half of all quotes are followed by one more
            return
        for match in _STRING.finditer(layer.data):
            if b"\\" in match[1]:
                found.add(_ESCAPE.sub(_character, match[1]), match[1])
        if b"\\x" in layer.data:  # which JSON does not have
            for match in _DOUBLE.finditer(layer.data):
                if b"\\x" in match[1]:
                    found.add(_ESCAPE.sub(_character, match[1]), match[1])
