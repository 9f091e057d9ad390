"""Bytes that programs write as numbers with a sign of their base or a type: ``(byte)0x41, (byte)66``, ``&H41,&H42``,
``$41,$42``, ``041h,042h``, ``8'h41``, ``#65#66``, ``0b1000001``, ``0o101``, ``['0x41', '0x42']``, ``.byte 65``,
``65 'A'`` of gdb, and what JSON makes of an array of bytes in JavaScript, ``{"0":65,"1":66}``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_text, magic_at

_LEAST = 12
"""Numbers of a row."""
_MOST_BETWEEN = 180
"""Bytes from one to the next."""
_ENDS = rb"(?![0-9A-Za-z_])"
_FORMS = tuple(
    (marks, re.compile(number + _ENDS), base)
    for marks, number, base in (
        ((b"0x",), rb"0x([0-9a-fA-F]{1,2})", 16),
        ((b"&H", b"&h"), rb"&[hH]([0-9a-fA-F]{1,2})", 16),
        ((b"'h",), rb"8'h([0-9a-fA-F]{2})", 16),
        ((b"$",), rb"\$([0-9a-fA-F]{2})", 16),
        ((b"h,", b"h "), rb"(?<![0-9A-Za-z])0?([0-9a-fA-F]{2})h", 16),
        ((b"#",), rb"#([0-9]{2,3})", 10),
        ((b"0b",), rb"0b([01]{7,8})", 2),
        ((b"0o",), rb"0o([0-7]{1,3})", 8),
        ((b"byte", b"db"), rb"(?:byte|db)\)?[ \t]{0,8}+(-?[0-9]{1,3})", 10),
        ((b"' ", b"',", b"'\t"), rb"(?<![0-9A-Za-z])(-?[0-9]{1,3}) '(?:\\[0-7]{3}|\\?[!-~ ])'", 10),
        ((b'":',), rb"\"[0-9]{1,6}\":[ ]?([0-9]{1,3})", 10),
    )
)
"""What stands often in each form, a number of it, and its base."""
_BETWEEN = re.compile(
    rb"[^0-9A-Za-z]{0,40}+(?:(?:byte|db|dc\.b|unsigned char|char|u?int8_t|0x[0-9a-f]{5,16}(?: <[^>\n]{1,60}>)?:)"
    rb"[^0-9A-Za-z]{0,40}+)?"
)
"""From one to the next: a comma, a line's end, a cast, the address of the next line."""


class NumberRowsDecoder(Decoder):
    """``(byte)0x41, (byte)0x42``."""

    name = "number rows"
    text = True
    holds = (
        b"0x",
        b"&H",
        b"&h",
        b"'h",
        b",$",
        b"h,",
        b"h ",
        b"#1",
        b"0b0",
        b"0o1",
        b"byte",
        b"db",
        b"1 '",
        b'"10":',
    )
    reach = 2 << 10
    signs = (
        (b", 0x", rb"(?:, 0x[2-7][0-9a-fA-F]){4}"),
        (b"&H", rb"&H[2-7][0-9a-fA-F](?:,\s{0,9}&H[2-7][0-9a-fA-F]){4}"),
        (b"(byte)", rb"\(byte\) ?(?:0x)?[0-9a-fA-F]{1,3}[^0-9A-Za-z]{1,9}byte"),
        (b'"10":', rb"\"10\": ?[0-9]{1,3}\s{0,9},\s{0,9}\"11\":"),
    )
    cost = 4

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        for marks, number, base in _FORMS:
            if sum(map(data.count, marks)) >= _LEAST - 4 and found.spend(16 * len(data)):
                for codes, written in _rows(data, number, base):
                    if is_text(codes) or magic_at(codes) >= 0 or len(codes) >= 2 * _LEAST:
                        found.add(codes, written)


def _rows(data: bytes, number: re.Pattern[bytes], base: int) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of each row of numbers that are bytes, and how it begins."""
    codes, start, end = bytearray(), 0, 0
    for match in number.finditer(data):
        code = int(match[1], base)
        if not (
            codes and match.start() - end <= _MOST_BETWEEN and _BETWEEN.fullmatch(data, end, match.start())
        ):
            if len(codes) >= _LEAST:
                yield bytes(codes), data[start : start + 64]
            codes, start = bytearray(), match.start()
        if -128 <= code <= 255:
            codes.append(code & 255)
        end = match.end()
    if len(codes) >= _LEAST:
        yield bytes(codes), data[start : start + 64]
