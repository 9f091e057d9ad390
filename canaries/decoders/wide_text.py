"""UTF-16 and UTF-32 in either order, with and without a mark, also between other binary data."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_wide, readable

_RUNS = tuple(
    (width, re.compile(b"(?:%s){8,}" % unit))
    for width, unit in (
        (2, rb"[\x20-\x7e]\0"),
        (2, rb"\0[\x20-\x7e]"),
        (4, rb"[\x20-\x7e]\0{3}"),
        (4, rb"\0{3}[\x20-\x7e]"),
    )
)
_MOST = 20_000
_HIGHER = b"\0\x20\xff"
"""Of those, the higher byte."""


class WideTextDecoder(Decoder):
    """Text of Windows programs and of XML that says so."""

    name = "utf-16"
    holds = (b"\0", b"\xff")
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if is_wide(data):
            found.add(readable(data.translate(None, b"\0")))  # ASCII in whatever width, order and place
            if strings := by_itself(data):
                found.add(b"\n".join(dict.fromkeys(strings)))
        for width, codecs in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
            body = data[: len(data) // width * width]
            for codec in codecs:
                if body and _fits(body, width, big=codec.endswith("be")):
                    text = body.decode(codec, "ignore").removeprefix("\ufeff")
                    found.add(text.encode("utf-8", "ignore"))


def by_itself(data: bytes) -> list[bytes]:
    """Text by itself, whatever printable bytes stand beside it; and without a first character that is its length, in
    bytes or characters: BSTR, [MS-TDS].
    """
    strings: list[bytes] = []
    for width, run in _runs(data):
        text = run[0].translate(None, b"\0")
        strings.append(text)
        at = 0
        while (rest := len(text) - at - 1) >= 8:
            size = text[at] if text[at] == rest else text[at] // width
            if not 8 <= size <= rest:
                break
            strings.append(text[at + 1 : at + 1 + size])
            at += 1 + size
    return strings


def _runs(data: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Text in a row, with the width of its characters."""
    for width, pattern in _RUNS:
        yield from ((width, run) for run in itertools.islice(pattern.finditer(data), _MOST))


def _fits(body: bytes, width: int, *, big: bool) -> bool:
    """Whether three of four characters are below U+0100, or such as stand in disguised words: punctuation that is not
    seen, forms of full width."""
    low = width - 1 if big else 0
    high = [body[place::width] for place in range(width) if place != low]
    least = 3 * len(body) // width
    usual = (sum(map(part.count, _HIGHER)) for part in high)
    return all(4 * count >= least for count in usual) and any(body[low::width])
