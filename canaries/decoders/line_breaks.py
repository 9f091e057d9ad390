"""Words that were cut at the end of a line: by ``fold``, by a terminal of 80 columns, in a mail that is quoted.

Base64 and hexadecimal in lines are put together where they are decoded; this is for a token itself. In a long text a
word is cut only where a line is as long as the longest.
"""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._novelty import SHORT

_NARROWEST = 40
_MOST = 10_000
_QUOTING = b" \t>|"
_LAST = re.compile(rb"[!-~]{2,200}\Z")
_FIRST = re.compile(rb"[!-~]{2,200}")
_DRAWN = re.compile(rb"[0-9]|[a-z][A-Z]")
"""What is in nearly every token and in few words."""
_SHORTEST, _LINES = 16, 4


class LineBreaksDecoder(Decoder):
    """``to``, a line's end, ``> ken``."""

    name = "line breaks"
    text = True
    holds = (b"\n",)
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        # what it has joined it would join in ever new ways
        if self.name in layer.way or layer.separate:
            return
        lines = layer.data.split(b"\n", _MOST)
        widths = [len(line.rstrip()) for line in lines]
        least = 1 if len(layer.data) <= SHORT else max(_NARROWEST, max(widths))
        words = [line.lstrip(_QUOTING).rstrip() for line in lines]
        joined: dict[bytes, None] = {}
        for at, word in enumerate(words[:-1]):
            if widths[at] < least or not (last := _LAST.search(word, max(0, len(word) - 200))):
                continue
            whole = last[0]
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
