r"""A backslash and digits, with as many as each notation has: ``\2a`` of LDAP (RFC 4515, section 3; RFC 4514, section
2.4), ``U&'\0041'`` and ``\+000041`` of SQL, ``\41 `` and ``\000041`` of CSS, ``\'41`` and ``\u65?`` of RTF,
``\0101`` of ``echo -e``, ``\065`` of DNS (RFC 1035, section 5.1), ``\65`` of Lua and Haskell. Beside `escapes`, which
reads them as C does."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended


def _code(digits: bytes, base: int) -> bytes:
    code = int(digits, base)
    if code < 256:
        return bytes([code]) if code < 0x80 else chr(code).encode()
    return chr(code).encode("utf-8", "backslashreplace") if code < 0x110000 else digits


_NOTATIONS: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]], ...] = (
    (re.compile(rb"\\([0-9A-Fa-f]{2})"), lambda match: bytes([int(match[1], 16)])),
    (
        re.compile(rb"\\(?:\+([0-9A-Fa-f]{6})|([0-9A-Fa-f]{4}))"),
        lambda match: _code(match[1] or match[2], 16),
    ),
    (re.compile(rb"\\([0-9A-Fa-f]{1,6})[ \t\n]?"), lambda match: _code(match[1], 16)),
    (
        re.compile(rb"\\(?:'([0-9A-Fa-f]{2})|u([0-9]{1,5}) ?\?)"),
        lambda match: bytes([int(match[1], 16)]) if match[1] else _code(match[2], 10),
    ),
    (re.compile(rb"\\0([0-3][0-7]{2})"), lambda match: bytes([int(match[1], 8)])),
)
_NUMBERED = re.compile(rb"(?:\\[0-9]{1,3}(?:\"\")?){8,}+")
_NUMBER = re.compile(rb"[0-9]+")


_UNICODE_STRING = re.compile(rb"[uU]&['\"]((?:[^'\"\\]++|\\.)*+)", re.DOTALL)


class HexEscapesDecoder(Decoder):
    r"""``\2a``."""

    name = "hex escapes"
    guesses = True
    text = True
    holds = (b"\\",)
    reach = 2 << 10
    signs = (
        *((first, rb"\\[0-9a-fA-F]{2}(?:\\[0-9a-fA-F]{2}){4}") for first in (b"\\6", b"\\7")),
        (b"\\1", rb"\\1[0-9]{2}(?:\\[0-9]{2,3}){4}"),
        (b"\\006", rb"(?:\\00[0-9a-fA-F]{2}){5}"),
        (b"\\007", rb"(?:\\00[0-9a-fA-F]{2}){5}"),
    )
    cost = 30

    def decode(self, layer: Layer, found: Found) -> None:
        for pattern, character in _NOTATIONS:
            found.add(mended(layer.data, pattern, character))
        for row in _NUMBERED.finditer(layer.data):
            for base in (10, 8):
                with suppress(ValueError):
                    found.add(bytes(int(number, base) for number in _NUMBER.findall(row[0])), row[0])
        for string in _UNICODE_STRING.finditer(layer.data):
            found.add(mended(string[1], *_NOTATIONS[1]), string[0])
