"""Dumps with few options: by what od of this machine writes, and what hexdump and xxd wrote."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest


def octal(data: bytes) -> bytes:
    """As ``od`` writes it."""
    lines = []
    for start in range(0, len(data), 16):
        row = data[start : start + 16] + bytes(len(data[start : start + 16]) % 2)
        words = (int.from_bytes(row[at : at + 2], "little") for at in range(0, len(row), 2))
        lines.append(b"%07o %s\n" % (start, b" ".join(b"%06o" % word for word in words)))
    return b"".join(lines) + b"%07o\n" % len(data)


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {"octal dump": octal}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
TEXT = b"key=Zk39aXQ7vT2mLw8RtYb4\tand\nmore\n"
WRITTEN = {
    "hexdump": """\
0000000 656b 3d79 6b5a 3933 5861 3751 5476 6d32
0000010 774c 5238 5974 3462 6109 646e 6d0a 726f
0000020 0a65
0000022
""",
    "hexdump -b": """\
0000000 153 145 171 075 132 153 063 071 141 130 121 067 166 124 062 155
0000010 114 167 070 122 164 131 142 064 011 141 156 144 012 155 157 162
0000020 145 012
0000022
""",
    "hexdump -c": """\
0000000   k   e   y   =   Z   k   3   9   a   X   Q   7   v   T   2   m
0000010   L   w   8   R   t   Y   b   4  \\t   a   n   d  \\n   m   o   r
0000020   e  \\n
0000022
""",
    "hexdump -d": """\
0000000   25963   15737   27482   14643   22625   14161   21622   27954
0000010   30540   21048   22900   13410   24841   25710   27914   29295
0000020   02661
0000022
""",
    "hexdump -o": """\
0000000  062553  036571  065532  034463  054141  033521  052166  066462
0000010  073514  051070  054564  032142  060411  062156  066412  071157
0000020  005145
0000022
""",
    "xxd -e": """\
00000000: 3d79656b 39336b5a 37515861 6d325476  key=Zk39aXQ7vT2m
00000010: 5238774c 34625974 646e6109 726f6d0a  Lw8RtYb4.and.mor
00000020:     0a65                             e.
""",
    "xxd -b": """\
00000000: 01101011 01100101 01111001 00111101 01011010 01101011  key=Zk
00000006: 00110011 00111001 01100001 01011000 01010001 00110111  39aXQ7
0000000c: 01110110 01010100 00110010 01101101 01001100 01110111  vT2mLw
00000012: 00111000 01010010 01110100 01011001 01100010 00110100  8RtYb4
00000018: 00001001 01100001 01101110 01100100 00001010 01101101  .and.m
0000001e: 01101111 01110010 01100101 00001010                    ore.
""",
}
"""What util-linux 2.38.1 and vim 9.0 wrote of `TEXT`, without blanks at the ends of lines."""


@pytest.mark.parametrize(
    "options", ["", "-a", "-b", "-c", "-d", "-o", "-x", "-tx1", "-tu1", "-tx4", "-tx8", "-Ax -c"]
)
def test_od(texts: Callable[[bytes], set[bytes]], options: str) -> None:
    dump = subprocess.run(["od", *options.split()], input=TEXT, stdout=subprocess.PIPE, check=True).stdout
    assert any(b"key=Zk39aXQ7vT2mLw8RtYb4" in text for text in texts(b"$ od\n" + dump + b"$\n"))


@pytest.mark.parametrize("command", WRITTEN)
def test_hexdump_and_xxd(texts: Callable[[bytes], set[bytes]], command: str) -> None:
    dump = WRITTEN[command].encode()
    assert any(b"key=Zk39aXQ7vT2mLw8RtYb4" in text for text in texts(b"some words before\n" + dump))


def test_the_wrapping_is_what_od_writes() -> None:
    written = subprocess.run(["od"], input=TEXT, stdout=subprocess.PIPE, check=True).stdout
    assert [line.rstrip() for line in written.splitlines()] == octal(TEXT).splitlines()
