"""Cells of tables that a program drew and whose text goes on in the next line: psql's ``\\pset format wrapped``, which
marks that with a full stop or an ellipsis, tables of Python programs, grid tables of Pandoc and reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from canaries.decoders import Decoder, Found, Layer

_WALL = re.compile("[|\u2502\u2503\u2551]")
_MARKS = "\u2026.+ \t"
_GOES_ON = ("\u2026", ".")
"""What psql writes behind a wall where a value goes on."""
_SHORTEST, _MOST_LINES = 12, 20_000
_EACH_CELL = 600
"""Work of one cell."""


class TableCellsDecoder(Decoder):
    """``| to |``, ``| ken |``."""

    name = "table cells"
    guesses = True
    text = True
    holds = (b"\n|", b"|.", b"\xe2\x94\x82", b"\xe2\x94\x83", b"\xe2\x95\x91")
    reach = 2 << 10
    signs = ((b" |.", rb" \|\.[!-~]"),)
    cost = 10

    def decode(self, layer: Layer, found: Found) -> None:
        if layer.separate or self.name in layer.way or not found.spend(10 * len(layer.data)):
            return
        lines = layer.data.decode("utf-8", "replace").split("\n", _MOST_LINES)
        words: dict[str, None] = {}
        for first, rows in groupby(lines, lambda line: next(_walls(line), -1)):
            if first < 0 or len(table := [*rows]) < 2:
                continue
            places = _in_all(table)
            if found.spend(_EACH_CELL * len(table) * (len(places) + 1)):
                words |= dict.fromkeys(_joined(table, places))
        if words:
            found.add("\n".join(words).encode(), separate=True)


def _walls(line: str) -> Iterator[int]:
    return (match.start() for match in _WALL.finditer(line))


def _in_all(table: list[str]) -> list[int]:
    """Where every row has a wall: a text in a cell may have more."""
    return sorted(set.intersection(*(set(_walls(line)) for line in table)))


def _bare(cell: str) -> str:
    """What stands in a cell: psql keeps a place on either side for its marks, and what is between them is the text."""
    marked = cell[:1] in _GOES_ON or cell[-1:] in _GOES_ON
    if marked and len(cell) > 2 and cell[0] in (" ", *_GOES_ON):
        return cell[1:-1] if cell[-1] in _GOES_ON else cell[1:].rstrip()
    return cell.strip(_MARKS)


def _joined(table: list[str], places: list[int]) -> Iterator[str]:
    """What stands in each column from a cell on whose text fills it, as far as that goes on."""
    for start, end in zip((-1, *places), (*places, None), strict=True):
        cells = [line[start + 1 : end] for line in table]
        words = [_bare(cell) for cell in cells]
        widest = max(map(len, words))
        whole = ""
        for at, word in enumerate(words):
            following = cells[at + 1] if at + 1 < len(cells) else ""
            whole += word
            if not word or not (len(word) == widest or following.startswith(_GOES_ON)):
                if len(whole) > max(len(word), _SHORTEST):
                    yield whole
                whole = ""
        if len(whole) > max(widest, _SHORTEST):
            yield whole
