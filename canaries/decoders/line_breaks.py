"""Words that were cut at the end of a line: by ``fold``, by a terminal of 80 columns, in a mail that is quoted.

Base64 and hexadecimal in lines are put together where they are decoded; this is for a token itself. In a long text a
word is cut only where a line is as long as the longest; lines in a row that are quoted are a text of their own.
"""

from __future__ import annotations

import re
from itertools import groupby

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._novelty import SHORT

_NARROWEST = 40
_MOST = 10_000
_QUOTING = b" \t>|"
_LONGEST = 200
_VISIBLE = bytes(range(0x21, 0x7F))
_LAST = re.compile(rb"[!-~]{2,200}\Z")
_FIRST = re.compile(rb"[!-~]{2,200}")
_DRAWN = re.compile(rb"[0-9]|[a-z][A-Z]")
"""What is in nearly every token and in few words."""
_SHORTEST, _LINES = 16, 4


def _least(lines: list[bytes], widths: list[int], size: int) -> list[int]:
    """Of each line how wide it must be, so that the word at its end may be cut; ``size``: bytes of them all."""
    if size <= SHORT:
        return [1] * len(lines)
    found: list[int] = []
    widest = max(_NARROWEST, max(widths))
    for quoted, run in groupby(lines, lambda line: line.startswith((b">", b"|"))):
        begin, count = len(found), len(list(run))
        end = begin + count
        if not quoted:
            least = widest
        elif sum(map(len, lines[begin:end])) <= SHORT:
            least = 1
        else:
            least = max(_NARROWEST, max(widths[begin:end]))
        found += [least] * count
    return found


def _last(line: bytes) -> bytes:
    """The word at the end of ``line``."""
    words = line[-_LONGEST:].rsplit(None, 1)
    if not words or not words[-1].translate(None, _VISIBLE):
        return words[-1] if words else b""
    last = _LAST.search(words[-1])
    return last[0] if last else b""


class LineBreaksDecoder(Decoder):
    """``to``, a line's end, ``> ken``."""

    name = "line breaks"
    guesses = True
    text = True
    holds = (b"\n",)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        # what it has joined it would join in ever new ways
        if self.name in layer.way or layer.separate:
            return
        lines = layer.data.split(b"\n", _MOST)
        widths = [len(line.rstrip()) for line in lines]
        least = _least(lines, widths, len(layer.data))
        words = [line.lstrip(_QUOTING).rstrip() for line in lines]
        joined: dict[bytes, None] = {}
        for at, word in enumerate(words[:-1]):
            if widths[at] < least[at] or len(whole := _last(word)) < 2:
                continue
            for following in words[at + 1 : at + _LINES]:
                first = _FIRST.match(following)
                if not first:
                    break
                whole += first[0]
                if len(whole) >= _SHORTEST and _DRAWN.search(whole):
                    joined[whole] = None
                if first.end() < len(following):
                    break
        if joined:
            found.add(b"\n".join(joined))
