"""Where in a piece of a dump something looks wrapped: decoders, which are slow, are asked about nothing else.

A sign is a byte string of which a decoder says that it speaks for it, a run that is Base64 of text, of UTF-16 or of
something compressed, hexadecimal in groups, a list of byte values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from canaries.core import plugins
from canaries.decoders import FOLDER, Decoder
from canaries.scan.bit_sets import Bits, Codes, Numbers, all_but, before, numbers, runs, where
from canaries.scan.presence import Presence
from canaries.scan.run_heads import likely, starts_something, worth

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
_SHORTEST = 32
"""Characters of a run that is looked at."""
_GROUPS = {
    3: re.compile(rb"[0-9a-fA-F]{2}(?:[ :-]{1,2}[0-9a-fA-F]{2}){15}"),
    5: re.compile(rb"[0-9a-f]{4}(?: [0-9a-f]{4}){5}"),
}
"""Hexadecimal in groups: by the characters from one separator to the next, what it looks like."""
_MOST_RUNS = 100_000
_LIST = re.compile(rb"[\[({]\s{0,4}(?:(?:0x[0-9a-fA-F]{2}|-?\d{1,3})\s{0,4},\s{0,4}){8}")
"""The values of eight bytes."""
_LISTED, _LIST_GAP = 8, 13
"""Values of a list, and at most so many bytes from the bracket to the first comma, and from one to the next."""
_MINUS, _COMMA, _BRACKETS = ord("-"), ord(","), b"[({"


def looks_wrapped(content: bytes, present: Presence) -> Iterator[tuple[int, int]]:
    """Whatever looks wrapped: its place, and how far from there decoders are to look."""
    for first, patterns in _signs_of_decoders().items():
        places = present.places(first)
        for pattern, reach in patterns.items() if len(places) else ():
            yield from ((place, reach) for place in _signed(content, places, pattern))
    for place in _lists(content, present):
        yield place, BEHIND
    outside = _outside(content)
    for marks in (outside, *([present.of(_MINUS)] if present.holds(b"-") else [])):
        for start in _grouped(marks):
            for groups in _GROUPS.values():
                if found := groups.match(content, start):
                    yield start, len(found[0]) + BEHIND
    starts, ends = runs(all_but(outside, len(content)), _SHORTEST)
    wanted = likely(content, starts, ends)
    for place, end in zip(starts[wanted].tolist(), ends[wanted].tolist(), strict=True):
        if worth(content[place:end]):
            wraps = end - place >= _LINE and not _FIELD_ENDS.match(content, end)  # else it ends there
            yield place, end - place + (BEHIND if wraps else _BEFORE)


def _signed(content: bytes, places: Numbers, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """At which of ``places`` the pattern matches; of several close to each other the first."""
    reached = 0
    for place in places.tolist():
        if place >= reached and pattern.match(content, place):
            yield place
            reached = place + _NEXT


@lru_cache(maxsize=1)
def _signs_of_decoders() -> dict[bytes, dict[re.Pattern[bytes], int]]:
    """Of all decoders (`Decoder.signs`): the expressions for each byte string, and how far each reaches."""
    found: dict[bytes, dict[re.Pattern[bytes], int]] = {}
    for _, kind in sorted(plugins.classes(FOLDER, Decoder).items()):  # type: ignore[type-abstract]
        for first, pattern in kind.signs:
            found.setdefault(first, {})[re.compile(pattern)] = kind.reach
    return found


def _lists(content: bytes, present: Presence) -> Iterator[int]:
    """Where a list of the values of bytes begins."""
    if not present.holds(b","):
        return
    near = commas = present.of(_COMMA)
    for _ in range(_LISTED - 1):  # those that as many more follow, each as near as in a list
        near = commas & before(_up_to(near), 1)
        if not near.any():
            return
    near = before(_up_to(near), 1)
    for bracket in _BRACKETS:
        if present.holds(bytes([bracket])):
            for place in numbers(near & present.of(bracket)).tolist():
                if (found := _LIST.match(content, place)) and starts_something(_numbers(found[0])):
                    yield place


def _up_to(bits: Bits) -> Bits:
    """The places from which it is 0 to `_LIST_GAP` - 1 bytes to one of ``bits``."""
    for count in (1, 2, 4, _LIST_GAP - 8):
        bits = bits | before(bits, count)
    return bits


def _numbers(listed: bytes) -> bytes:
    """The bytes that a `_LIST` gives: in hexadecimal, in decimal figures, or signed as Java has them."""
    values = [
        int(one[1], 16) if one[1] else int(one[2])
        for one in re.finditer(rb"0x([0-9a-fA-F]{2})|(-?\d{1,3})", listed)
    ]
    return bytes(value & 255 for value in values)


def _outside(content: bytes) -> Bits:
    """Where bytes stand that Base64 is not made of, in neither of its alphabets."""
    return all_but(where(content, _in_base64), len(content))


def _in_base64(codes: Codes) -> np.typing.NDArray[np.bool_]:
    letters, slash_and_digits = (codes | 0x20) - 0x61 < 26, codes - 0x2F < 11
    found: np.typing.NDArray[np.bool_] = letters | slash_and_digits
    for code in b"+-_":
        found |= codes == code
    return found


def _grouped(marks: Bits) -> list[int]:
    """Where two or four characters stand before the first of six marks that are as far from each other."""
    found: list[int] = []
    between, done = np.zeros_like(marks), 1
    for period in sorted(_GROUPS):
        for count in range(done, period):
            between |= before(marks, count)
        done = period
        one = marks & before(marks, period) & ~between
        two = one & before(one, period)
        five = two & before(two, 2 * period) & before(one, 4 * period)
        firsts = numbers(five)[:_MOST_RUNS] - (period - 1)
        found += firsts[firsts >= 0].tolist()
    return found
