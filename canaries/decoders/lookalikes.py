"""Characters that nobody sees, and those that look like others: soft hyphens, zero-width spaces, full-width letters and
digits, mathematical letters, the dashes that word processors put in place of hyphens (Unicode, NFKC; UTS #39)."""

from __future__ import annotations

import re
import unicodedata

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended, windows

_LIKE = (
    rb"\xc2\xad|\xcd\x8f|\xe1\xa0\x8e|\xe2\x80[\x8b-\x95\xaa-\xae]|\xe2\x81[\x83\xa0-\xaf]|\xe2\x88\x92|\xe2[\x92\x93][\x80-\xbf]"
    rb"|\xef\xb8[\x80-\x8f]|\xef\xb9[\x8d-\xab\xbf]|\xef\xbb\xbf|\xef[\xbc\xbd][\x80-\xbf]"
    rb"|\xf0\x9d[\x90-\x9f][\x80-\xbf]|\xf3\xa0[\x80-\x87][\x80-\xbf]"
)
_CHARACTERS = re.compile(_LIKE)
_BETWEEN = re.compile(rb"(?:[\x20-\x7e]|%s){8,}+" % _LIKE)
_USUAL, _LEAST = (b"\xef\xbc", b"\xef\xbd", b"\xe2\x80", b"\xf0\x9d"), 4
"""How such characters begin that disguise a whole word, and how many of them noise does not have."""
_BEFORE = 4
"""Bytes in which such a length is looked for."""
_HYPHENS = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d")


def _plain(match: re.Match[bytes]) -> bytes:
    try:
        character = match[0].decode()
    except UnicodeDecodeError:
        return match[0]
    if character in _HYPHENS:
        return b"-"
    if unicodedata.category(character) in (
        "Cf",
        "Mn",
    ):  # formatting, variation selectors, the grapheme joiner
        return b""
    return unicodedata.normalize("NFKC", character).encode()


def _behind_length(run: bytes) -> list[bytes]:
    """The string to the end of ``run`` whose length stands before it, and looks like a letter."""
    return [run[at + 1 :] for at in range(_BEFORE) if run[at] == len(run) - at - 1]


class LookalikesDecoder(Decoder):
    """U+FF21 for the letter A."""

    name = "lookalikes"
    holds = (b"\xe2", b"\xef", b"\xc2\xad", b"\xf0\x9d", b"\xcd\x8f", b"\xe1\xa0\x8e", b"\xf3\xa0")
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if not layer.unicode:  # between the fields of a binary protocol
            if sum(map(data.count, _USUAL)) < _LEAST:
                return
            parts = [data[start:end] for start, end in windows(data, _CHARACTERS, _plain)]
            runs = [run for part in parts for run in _BETWEEN.findall(part) if not run.isascii()]
            data = b"\n".join(runs + [text for run in runs for text in _behind_length(run)])
        found.add(mended(data, _CHARACTERS, _plain))
