"""Hexadecimal in its many layouts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders import hexadecimal
from canaries.decoders._runs import has_run

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "hexadecimal of .NET": lambda data: data.hex("-").upper().encode(),
    "hex": lambda data: data.hex().encode(),
    "hex, capitals": lambda data: b"0x" + data.hex().upper().encode(),
    "hex of a database": lambda data: b"\\x" + data.hex().encode(),
    "hex, spaced": lambda data: data.hex(" ").encode(),
    "hex, colons": lambda data: data.hex(":").upper().encode(),
    "hex, in a list": lambda data: b"{" + b", ".join(b"0x%02x" % byte for byte in data) + b"}",
    "hex in lines": lambda data: b"\n".join(
        data.hex().encode()[at : at + 60] for at in range(0, 2 * len(data), 60)
    ),
    "hex dump": lambda data: b"".join(
        b"%08x: %s  %s\n" % (at, data[at : at + 16].hex(" ", 2).encode(), b"." * len(data[at : at + 16]))
        for at in range(0, len(data), 16)
    ),
    "literal of SQL": lambda data: b"SELECT X'" + data.hex().encode() + b"'",
    "hex of the registry": lambda data: (
        b'"k"=hex:'
        + b",\\\r\n  ".join(data[at : at + 20].hex(",").encode() for at in range(0, len(data), 20))
    ),
    "array of xxd": lambda data: b",\n".join(
        b"  " + b", ".join(b"0x%02x" % byte for byte in data[at : at + 12]) for at in range(0, len(data), 12)
    ),
    "hex of certificates": lambda data: b":\n".join(
        b"        " + data[at : at + 18].hex(":").encode() for at in range(0, len(data), 18)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""

_PIECES = st.sampled_from(
    [*"0aFxz:;.- ,\\\t\r\n", "0x", "\\x", "\r\n", "ab", "0123", "61 62 63 64 65 66", "00000010: 6162 "]
)


@given(st.lists(_PIECES, max_size=60).map(lambda pieces: "".join(pieces).encode()))
def test_no_layout_is_passed_over_for_want_of_a_run_of_its_characters(data: bytes) -> None:
    """A pass over the bytes comes before each pattern: what a pattern finds, that pass has let through."""
    if hexadecimal._SPACED.search(data):
        assert has_run(data, hexadecimal._IN_SPACED, hexadecimal._LEAST_SPACED)
    if hexadecimal._DUMP.search(data):
        assert has_run(data, hexadecimal._IN_DUMP, hexadecimal._LEAST_DUMP)


@pytest.mark.parametrize(
    "between", [b"", *(bytes([code]) for code in b":,;.- \n"), b"\r\n", b", ", b"0x", b"\\x"]
)
def test_twelve_bytes_between_whatever_may_stand_between_are_let_through(between: bytes) -> None:
    data = between.join([b"61"] * 12)
    assert hexadecimal._SPACED.search(data)
    assert has_run(data, hexadecimal._IN_SPACED, hexadecimal._LEAST_SPACED)


@pytest.mark.parametrize("data", [b"0010 61 ", b"0010: 61 ", b"0010:\t61\t"])
def test_the_shortest_line_of_a_dump_is_let_through(data: bytes) -> None:
    assert hexadecimal._DUMP.search(data)
    assert has_run(data, hexadecimal._IN_DUMP, hexadecimal._LEAST_DUMP)


TOKEN = b"Zk39aXQ7vT2mLw8RtYb4"
DUMPS = {
    "od -An -tx1": (" {} {}\n", " ", 1),
    "od --endian=big -x": ("{:07o} {}\n", " ", 2),
    "xxd -g8": ("{:08x}: {}  text beside\n", " ", 8),
    "xxd -g0": ("{:08x}: {}  text beside\n", " ", 16),
    "WinDbg": ("0000002f`8c9ff8{:02x}  {}  text beside\n", "-", 1),
    "openssl": ("    {:04x} - {}   text beside\n", "-", 1),
    "hexyl": ("\u2502{:08x}\u2502 {} \u2502text beside\u2502\n", " \u250a ", 1),
}
"""A line with its address and bytes, what stands in the middle, and how many bytes stand together."""


@pytest.mark.parametrize("form", DUMPS)
def test_each_dump(texts: Callable[[bytes], set[bytes]], form: str) -> None:
    line, middle, together = DUMPS[form]
    if form == "od -An -tx1":
        line = " {1}\n"
    dump = ""
    for at in range(0, len(TOKEN), 16):
        halves = [TOKEN[at : at + 8], TOKEN[at + 8 : at + 16]]
        between = middle if together == 1 else " " if together < 16 else ""
        dump += line.format(at, between.join(half.hex(" ", -min(together, 8)) for half in halves if half))
    assert any(TOKEN in text for text in texts(dump.encode()))
