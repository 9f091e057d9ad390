"""Where in a piece of a dump something looks wrapped: decoders, which are slow, are asked about nothing else.

A sign is a byte string of which a decoder says that it speaks for it, a run that is Base64 of text, of UTF-16 or of
something compressed, hexadecimal in groups, a list of byte values.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from canaries.core import plugins
from canaries.decoders import FOLDER, Decoder
from canaries.scan.presence import Presence

BEHIND = 16 << 10
"""Bytes from a sign on that are decoded with it."""
_BEFORE = 256
"""Bytes behind a run that ends where its field does."""
_NEXT = 1024
"""Bytes from a sign on in which no other one is looked for: they are decoded anyway."""
_LINE = 60
"""Characters of a run that may go on in the next line."""
_FIELD_ENDS = re.compile(rb"""=*(?:[\t,;|)]|["'][,;)}\]])""")
"""What stands behind a run that fills a column of a table: it does not go on in the next line."""
_SHORTEST, _LONG = 32, 160
"""Characters of a run that is looked at, and of one that is decoded whatever it begins with."""
_GROUPS = {
    3: re.compile(rb"[0-9a-fA-F]{2}(?:[ :-]{1,2}[0-9a-fA-F]{2}){15}"),
    5: re.compile(rb"[0-9a-f]{4}(?: [0-9a-f]{4}){5}"),
}
"""Hexadecimal in groups: by the characters from one separator to the next, what it looks like."""
_MOST_RUNS = 100_000
_LIST = re.compile(rb"[\[({]\s{0,4}(?:(?:0x[0-9a-fA-F]{2}|-?\d{1,3})\s{0,4},\s{0,4}){8}")
"""The values of eight bytes, and what it takes between the first comma and the eighth, at most."""
_LIST_COMMAS, _LIST_WIDTH = 8, 7 * 13
_MAGICS = (b"\x1f\x8b\x08", b"PK\x03\x04", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_HEX_MAGICS = re.compile(
    rb"(?:0?[xX])?(?:1f8b08|504b0304|fd377a585a|425a68|28b52ffd|feff|(?:[0-9a-f]{6}[0-3][0-9a-f])?78(?:01|5e|9c|da))",
    re.IGNORECASE,
)
"""MySQL's COMPRESS puts four bytes before a zlib stream: what it unpacks to, the lowest byte first."""
_HEXADECIMAL = re.compile(rb"(?:0?[xX])?[0-9a-fA-F]+\Z")
_BASE32 = re.compile(rb"[A-Z2-7]+\Z|[a-z2-7]+\Z")
_OUTSIDE = bytes(
    code not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-" for code in range(256)
)
_SIX = np.zeros(256, np.uint8)
for _number, _code in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):
    _SIX[_code] = _number
_SIX[ord("-")], _SIX[ord("_")] = 62, 63
_TEXT = bytes([9, 10, 13, *range(0x20, 0x7F)])
_READABLE = np.zeros(256, np.bool_)
_READABLE[[0, 0xFE, 0xFF, *_TEXT]] = True
_PACKED_FIRST = np.zeros(256, np.bool_)
_PACKED_FIRST[[magic[0] for magic in (*_MAGICS, b"x")]] = True
_ZLIB_REST = -0x7800 % 31
"""What the second byte of a zlib stream leaves, divided by 31 (RFC 1950, section 2.2)."""
_HEX_FIRST = np.zeros(1 << 16, np.bool_)
for _pair in (
    b"1f",
    b"1F",
    b"fe",
    b"FE",
    b"50",
    b"fd",
    b"FD",
    b"42",
    b"28",
    b"78",
    b"0x",
    b"0X",
    b"x1",
    b"x5",
    b"xf",
    b"x4",
    b"x2",
    b"x7",
):
    _HEX_FIRST[int.from_bytes(_pair, "big")] = True
_BASE32_CLASSES = np.zeros((2, 256), np.bool_)
for _number, _letters in enumerate((b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")):
    _BASE32_CLASSES[_number, list(_letters + b"234567")] = True

_Places = np.typing.NDArray[np.intp]


def looks_wrapped(content: bytes, present: Presence) -> Iterator[tuple[int, int]]:
    """Whatever looks wrapped: its place, and how far from there decoders are to look."""
    for first, patterns in _signs_of_decoders().items():
        if present.holds(first):
            for pattern, reach in patterns.items():
                yield from ((place, reach) for place in _signed(content, first, pattern))
    if present.holds(b","):
        for listed in _LIST.finditer(content, _close_commas(content)):
            if _starts_something(_numbers(listed[0])):
                yield listed.start(), BEHIND
    outside = _outside(content)
    marks = [outside]
    if present.holds(b"-"):
        marks.append(np.flatnonzero(np.frombuffer(content, np.uint8) == 0x2D))
    for places in marks:
        for start in _grouped(places):
            for groups in _GROUPS.values():
                if found := groups.match(content, start):
                    yield start, len(found[0]) + BEHIND
    starts, ends = _runs(outside, len(content))
    likely = _likely(content, starts) | (ends - starts >= _LONG)
    for place, end in zip(starts[likely].tolist(), ends[likely].tolist(), strict=True):
        if worth(content[place:end]):
            wraps = end - place >= _LINE and not _FIELD_ENDS.match(content, end)  # else it ends there
            yield place, end - place + (BEHIND if wraps else _BEFORE)


def _signed(content: bytes, first: bytes, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """Where ``first`` stands and ``pattern`` matches; of several close to each other the first."""
    place = content.find(first)
    while place >= 0:
        found = pattern.match(content, place) is not None
        if found:
            yield place
        place = content.find(first, place + (_NEXT if found else 1))


@lru_cache(maxsize=1)
def _signs_of_decoders() -> dict[bytes, dict[re.Pattern[bytes], int]]:
    """Of all decoders (`Decoder.signs`): the expressions for each byte string, and how far each reaches."""
    found: dict[bytes, dict[re.Pattern[bytes], int]] = {}
    for _, kind in sorted(plugins.classes(FOLDER, Decoder).items()):  # type: ignore[type-abstract]
        for first, pattern in kind.signs:
            found.setdefault(first, {})[re.compile(pattern)] = kind.reach
    return found


def _close_commas(content: bytes) -> int:
    """Where eight commas first stand as close as in a `_LIST`, or a little before; the end where they never do."""
    commas = np.flatnonzero(np.frombuffer(content, np.uint8) == 0x2C)
    more = _LIST_COMMAS - 1
    close = np.flatnonzero(commas[more:] - commas[:-more] <= _LIST_WIDTH)
    return max(0, int(commas[close[0]]) - 2 * _LIST_WIDTH) if len(close) else len(content)


def _numbers(listed: bytes) -> bytes:
    """The bytes that a `_LIST` gives: in hexadecimal, in decimal figures, or signed as Java has them."""
    values = [
        int(one[1], 16) if one[1] else int(one[2])
        for one in re.finditer(rb"0x([0-9a-fA-F]{2})|(-?\d{1,3})", listed)
    ]
    return bytes(value & 255 for value in values)


def _outside(content: bytes) -> _Places:
    """Where bytes stand that Base64 is not made of."""
    return np.flatnonzero(np.frombuffer(content.translate(_OUTSIDE), np.bool_))


def _grouped(marks: _Places) -> list[int]:
    """Where two or four characters stand before the first of six marks that are as far from each other."""
    gaps = np.diff(marks)
    found: list[int] = []
    for period in _GROUPS:
        two = (gaps[:-1] == period) & (gaps[1:] == period)
        five = two[:-3] & two[1:-2] & two[3:]
        firsts = marks[np.flatnonzero(five)[:_MOST_RUNS]] - (period - 1)
        found += firsts[firsts >= 0].tolist()
    return found


def _runs(outside: _Places, size: int) -> tuple[_Places, _Places]:
    """Where the runs of characters that Base64 is made of begin and end, those of `_SHORTEST` characters and more."""
    edges = np.concatenate(([-1], outside, [size]))
    long = np.flatnonzero(np.diff(edges) > _SHORTEST)
    return edges[long] + 1, edges[long + 1]


def _likely(content: bytes, starts: _Places) -> np.typing.NDArray[np.bool_]:
    """Which runs may be `worth` it, by their first four characters, then by eight and by sixteen: all at once."""
    likely = _likely_heads(content, starts, 4)
    for length in (8, 16):
        likely[likely] = _likely_heads(content, starts[likely], length)
    return likely


def _likely_heads(content: bytes, starts: _Places, length: int) -> np.typing.NDArray[np.bool_]:
    """Which runs may be, by ``length`` characters, a multiple of four."""
    codes = np.frombuffer(content, np.uint8)
    heads = [codes[starts + number] for number in range(length)]
    six = [_SIX[head] for head in heads]
    decoded = [
        six[at + number] << 2 * number + 2 | six[at + number + 1] >> 4 - 2 * number
        for at in range(0, length, 4)
        for number in range(3)
    ]
    text = _all_of(_READABLE, decoded)
    packed = _PACKED_FIRST[decoded[0]]
    packed &= (decoded[0] != 0x78) | (decoded[1] % 31 == _ZLIB_REST)
    hexadecimal = _HEX_FIRST[heads[0].astype(np.uint16) << 8 | heads[1]]
    likely: np.typing.NDArray[np.bool_] = text | packed | hexadecimal | (heads[0] == 0x2B)
    for alphabet in _BASE32_CLASSES:
        likely |= _all_of(alphabet, heads)
    return likely


def _all_of(wanted: np.typing.NDArray[np.bool_], columns: list[Any]) -> np.typing.NDArray[np.bool_]:
    """In which rows every code is a wanted one."""
    found: np.typing.NDArray[np.bool_] = wanted[columns[0]]
    for column in columns[1:]:
        found &= wanted[column]
    return found


def worth(run: bytes) -> bool:
    """Whether the run's beginning decodes to text or to something compressed: what nobody's hash or id does."""
    if _HEXADECIMAL.match(run):
        return _HEX_MAGICS.match(run) is not None
    if _BASE32.match(run) and _plain(_base32(run[:40])):
        return True
    if len(run) >= _LONG:
        return True
    head = run[run[:1] == b"+" :][:40].translate(bytes.maketrans(b"-_", b"+/"))
    try:
        decoded = base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return False
    return _starts_something(decoded)


def _starts_something(decoded: bytes) -> bool:
    """Whether it is text, or the beginning of something compressed."""
    return _plain(decoded) or _compressed(decoded)


def _base32(head: bytes) -> bytes:
    try:
        return base64.b32decode(head[: len(head) // 8 * 8], casefold=True)
    except binascii.Error:
        return b""


def _plain(decoded: bytes) -> bool:
    """Whether it is text, as UTF-16 too."""
    bare = decoded.replace(b"\0", b"")
    return len(bare) >= len(decoded) // 2 > 3 and not bare.translate(None, _TEXT)


def _compressed(decoded: bytes) -> bool:
    zlib = decoded[:1] == b"x" and int.from_bytes(decoded[:2], "big") % 31 == 0
    return zlib or decoded.startswith(_MAGICS)
