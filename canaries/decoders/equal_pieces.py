"""Base64 and hexadecimal that is cut into pieces of one length, with the same between each two: lines of a log
behind its time stamps, of a comment, of a patch; ``<br>``; a list of strings; ``echo ... >> file``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import ALNUM, marking

_IN_PIECES = marking(ALNUM + b"+/=_-")
_SHORTEST, _LONG = 16, 32
"""Characters of a piece: of three or more, and of two."""
_ROW = b"a" * _SHORTEST
_BEHIND = 8
"""Bytes to the end of the line behind either of only two: a quote, a bracket."""
_APART = 160
"""Bytes from one piece to the next at most."""
_PLAIN = b" \t\r\n>"
"""Of nothing else are the ends of lines that are looked over where Base64 and hexadecimal are undone."""
_NUMBER = re.compile(rb"[0-9]+")
_TAIL = re.compile(rb"[A-Za-z0-9+/_=-]{1,1000}")
_PATCHED = b"+-/"
"""What may stand before each line of a patch or a comment, and looks like a part of it."""
_EACH = 1000
"""Work of putting some together, beside their bytes: what is in rows in most texts is no piece of anything."""


class EqualPiecesDecoder(Decoder):
    """``10:11 QUJD``, ``10:12 REVG``."""

    name = "equal pieces"
    guesses = True
    text = True
    sieved = True
    cost = 4

    def decode(self, layer: Layer, found: Found) -> None:
        if len(layer.runs) < 2:
            return
        data = layer.data
        for pieces in _blocks(data):
            if not found.spend(_EACH + pieces[-1][1] - pieces[0][0]):
                return
            whole = _whole(data, pieces)
            if whole:
                found.add(whole, data[pieces[0][0] : pieces[0][0] + 64])


def _runs(data: bytes) -> Iterator[tuple[int, int]]:
    mask = data.translate(_IN_PIECES)
    start = mask.find(_ROW)
    while start >= 0:
        end = mask.find(b" ", start)
        end = len(data) if end < 0 else end
        yield start, end
        start = mask.find(_ROW, end)


def _blocks(data: bytes) -> Iterator[list[tuple[int, int]]]:
    """Where pieces in a row begin and end: as long as each other, but for the last."""
    block: list[tuple[int, int]] = []
    between = b""
    for start, end in _runs(data):
        if block:
            first, before = block[0], block[-1]
            width = first[1] - first[0]
            apart = data[before[1] : start] if start - before[1] <= _APART else b""
            if (
                apart
                and (apart.strip(_PLAIN) or b"\n" not in apart or data[start] == data[first[0]] in _PATCHED)
                and end - start <= width == before[1] - before[0]
                and (len(block) == 1 or _NUMBER.sub(b"0", apart) == between)
            ):
                if len(block) == 1:
                    between = _NUMBER.sub(b"0", apart)
                block.append((start, end))
                continue
            if _enough(data, block):
                yield block
        block = [(start, end)]
    if _enough(data, block):
        yield block


def _enough(data: bytes, block: list[tuple[int, int]]) -> bool:
    """Whether it is no chance: three pieces with the same between, or two long ones whose lines begin alike."""
    if len(block) != 2:
        return len(block) > 2
    (start, end), (after, _) = block
    if end - start < _LONG:
        return False
    between = data[end:after]
    newline = between.rfind(b"\n") + 1
    if not newline:
        return len(between) <= _SHORTEST
    head = data[max(data.rfind(b"\n", 0, start) + 1, start - _APART) : start]
    last = data.find(b"\n", after)
    if newline > _BEHIND or 0 <= last > after + end - start + _BEHIND:
        return False
    return _NUMBER.sub(b"0", head).endswith(_NUMBER.sub(b"0", between[newline:]))


def _whole(data: bytes, pieces: list[tuple[int, int]]) -> bytes:
    """The pieces put together, with a last one that is too short to be seen by itself."""
    between = data[pieces[0][1] : pieces[1][0]]
    parts = [data[start:end] for start, end in pieces]
    if any(part.endswith(b"=") for part in parts[:-1]):  # each is whole by itself
        return b""
    if len(parts[-1]) == len(parts[0]):
        same = re.compile(b"[0-9]+".join(map(re.escape, _NUMBER.split(between))))
        if (again := same.match(data, pieces[-1][1])) and (tail := _TAIL.match(data, again.end())):
            parts.append(tail[0][: len(parts[0])])
    if parts[0][:1] in _PATCHED and all(part[:1] == parts[0][:1] for part in parts[1:]):
        parts[1:] = [part[1:] for part in parts[1:]]
        parts[0] = parts[0][1:]
    return b"".join(parts)
