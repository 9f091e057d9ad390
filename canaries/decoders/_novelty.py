"""What is new in a text that came out of a decoder: the lines that no text before it had, and what is around them.

A program's source has escapes, references and percent signs of many kinds in it. Each decoder undoes its own and gives
all of the text again, and each order of them gives another text: by ten decoders a thousand, all but alike. Whoever
looks for strings anywhere in a text has seen them where its lines were seen, so of each text only what is new goes on.
"""

from __future__ import annotations

from canaries.decoders._printable import magic_at
from canaries.decoders._runs import ALNUM

_TEXT = bytes({*range(0x20, 0x7F), 9, 10, 13})
_MOSTLY = 8
"""One byte in so many may be no text: what is packed has half of them."""
_AROUND = 3
"""Lines to either side of a new one: as far as a word goes on over the ends of lines."""
_ENCODED = ALNUM + b"+/=_-:., \t\r"
"""What lines of wrapped Base64, of hexadecimal and of lists of numbers are made of: such a block is kept whole."""
_SHORTEST = 16
SHORT = 4096
"""Bytes of a text in which words may go on at the end of any line: what was seen in a longer one is new there."""


class Novelty:
    """The lines that were seen while one input is looked at."""

    def __init__(self, data: bytes) -> None:
        """``data`` is the input: it was looked at already."""
        self._seen = set[int]()
        self._seen_in_short = set[int]()
        self.new(data)

    def new(self, data: bytes) -> bytes:
        """What of ``data`` is new, with what is around it; all of what is no text, or has something packed in it."""
        if len(data.translate(None, _TEXT)) * _MOSTLY > len(data) or magic_at(data) >= 0:
            return data
        lines = data.split(b"\n")
        pairs = list(map(hash, zip([b"", *lines], lines, strict=False)))
        short = len(data) <= SHORT
        seen = self._seen_in_short if short else self._seen
        fresh = [number for number, pair in enumerate(pairs) if pair not in seen]
        if not fresh:
            return b""
        self._seen.update(pairs)
        if short:
            self._seen_in_short.update(pairs)
        if len(fresh) == len(lines):
            return data
        return b"\n".join(line for start, end in _blocks(lines, fresh) for line in (*lines[start:end], b""))


def _blocks(lines: list[bytes], fresh: list[int]) -> list[tuple[int, int]]:
    """The lines around the new ones, from one to before another, apart from each other."""
    blocks: list[tuple[int, int]] = []
    behind = 0
    for number in fresh:
        if number < behind:
            continue
        start, end = number, number + 1
        while start > behind and (number - start < _AROUND or _encoded(lines[start - 1])):
            start -= 1
        while end < len(lines) and (end - number <= _AROUND or _encoded(lines[end])):
            end += 1
        if blocks and start <= behind:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
        behind = end
    return blocks


def _encoded(line: bytes) -> bool:
    """Whether it may go on in the next: it is Base64 or the like, or no text."""
    return (len(line) >= _SHORTEST and not line.translate(None, _ENCODED)) or bool(
        line.translate(None, _TEXT)
    )
