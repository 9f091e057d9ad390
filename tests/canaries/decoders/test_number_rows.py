"""Bytes as numbers with a sign of their base."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "bytes of Java": lambda data: (
        b"new byte[] {" + b", ".join(b"(byte)0x%02x" % byte for byte in data) + b"}"
    ),
    "bytes of Visual Basic": lambda data: b"Array(" + b",".join(b"&H%02X" % byte for byte in data) + b")",
    "map of bytes": lambda data: json.dumps(dict(enumerate(data))).encode(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""

TOKEN = b"Zk39aXQ7vT2mLw8RtYb4"
WRITTEN = {
    "casts": b"{" + b", ".join(b"(byte) %d" % byte for byte in TOKEN) + b"}",
    "Pascal": b",".join(b"$%02X" % byte for byte in TOKEN),
    "Pascal's strings": b"".join(b"#%d" % byte for byte in TOKEN),
    "Verilog": b", ".join(b"8'h%02x" % byte for byte in TOKEN),
    "MASM": b"\ndb ".join(b",".join(b"0%02Xh" % byte for byte in part) for part in (TOKEN[:8], TOKEN[8:])),
    "GNU as": b"".join(b"\t.byte\t%d\n" % byte for byte in TOKEN),
    "GNU as, hexadecimal": b"".join(b"\t.byte 0x%x\n" % byte for byte in TOKEN),
    "bits": b", ".join(b"0b%s" % format(byte, "08b").encode() for byte in TOKEN),
    "octal": b", ".join(b"0o%o" % byte for byte in TOKEN),
    "hex() of Python": repr([hex(byte) for byte in TOKEN]).encode(),
    "print of gdb": b"$1 = {" + b", ".join(b"%d '%c'" % (byte, byte) for byte in TOKEN) + b"}",
    "x/8c of gdb": b"".join(
        b"0x7ffe%04x <k+%d>:\t%s\n"
        % (at, at, b"\t".join(b"%d '%c'" % (byte, byte) for byte in TOKEN[at : at + 8]))
        for at in range(0, len(TOKEN), 8)
    ),
    "x/8xb of gdb": b"".join(
        b"0x7ffe%04x:\t%s\n" % (at, b"\t".join(b"0x%02x" % byte for byte in TOKEN[at : at + 8]))
        for at in range(0, len(TOKEN), 8)
    ),
    "map in lines": json.dumps(dict(enumerate(TOKEN)), indent=2).encode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_each_form(texts: Callable[[bytes], set[bytes]], form: str) -> None:
    assert TOKEN in texts(WRITTEN[form])


def test_numbers_in_different_places_are_no_row(texts: Callable[[bytes], set[bytes]]) -> None:
    code = b"".join(b"set register 0x%02x to on\n" % byte for byte in TOKEN)
    assert TOKEN not in texts(code)


def test_figures_that_were_counted_are_no_bytes(texts: Callable[[bytes], set[bytes]]) -> None:
    assert len(texts(json.dumps({str(number): 900 + number for number in range(40)}).encode())) < 4
