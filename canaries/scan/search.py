"""Searching dumps with an index: which strings of which canaries stand in them, each once a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, chain
from pathlib import Path

from canaries.scan.company import Company
from canaries.scan.containers import Unreadable
from canaries.scan.dumps import Piece, read_pieces
from canaries.scan.index import ScanIndex
from canaries.scan.matching import matches
from canaries.scan.person_marks import PART_OF
from canaries.scan.presence import Presence, line_ends
from canaries.scan.words import row_around
from canaries.scan.wrapped import Unwrapping

_APART = b"\n\n"
"""Between two texts."""
_ENCRYPTED = "an encrypted archive is wrapped in it"
_LEFT = "so much is wrapped in it that a part was left: unpack it first"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A string of a canary in a dump; the first place of its facet in that file."""

    canary: str
    facet: str
    form: str
    """How it stands there: ``plain``, ``base64``, ``sha256`` ..."""
    weak: bool
    """Whether others may have the same string; it is told because another facet of this canary stands near."""
    path: str
    line: int
    offset: int
    """In bytes, of the unpacked file."""
    beside: frozenset[str] = frozenset()
    """Of a weak one: with it the facets that say whose it is only together; none where something stands near that
    nobody else has."""


def search(
    index: ScanIndex,
    paths: Iterable[Path],
    read: Callable[[int], object] = lambda size: None,
    see: Callable[[bytes], object] | None = None,
) -> Iterator[Occurrence | Unreadable]:
    """Everything in the files and folders ``paths`` that ``index`` knows, and every part that could not be read.

    ``read`` is told how many bytes more were looked at, ``see`` is given each piece, unpacked.
    """
    told = set[tuple[str, str, str]]()
    for path in paths:
        for piece in read_pieces(path):
            if isinstance(piece, Unreadable):
                yield piece
                continue
            if see is not None:
                see(piece.content)
            unwrapping = Unwrapping(piece.content, piece.present)
            for one in chain(_occurrences(index, piece), _unwrapped(index, piece, unwrapping)):
                if (one.path, one.canary, one.facet) not in told:
                    told |= {
                        (one.path, one.canary, facet) for facet in (one.facet, PART_OF.get(one.facet, ""))
                    }
                    yield one
            for bound in unwrapping.reached:
                yield Unreadable(piece.path, _ENCRYPTED if bound == "encrypted" else _LEFT)
            read(len(piece.content) - piece.overlap)


def _occurrences(index: ScanIndex, piece: Piece) -> Iterator[Occurrence]:
    """Of one piece, in order of place."""
    found = sorted(matches(index, piece), key=lambda one: (one[0], -one[1].length))
    company = Company(
        ((place, match.canary, match.facet, match.weak) for place, match in found),
        cache(lambda place: row_around(piece.content, place, place + 1)),
    )
    line, counted = piece.line, 0
    for place, match in found:
        beside = company.beside(place, match.canary, match.facet) if match.weak else frozenset[str]()
        if beside is None:
            continue
        line += line_ends(piece.content, counted, place)
        counted = place
        offset = piece.offset + place
        yield Occurrence(match.canary, match.facet, match.form, match.weak, piece.path, line, offset, beside)


def _unwrapped(index: ScanIndex, piece: Piece, unwrapping: Unwrapping) -> Iterator[Occurrence]:
    """Of what the piece holds in encodings: each told by the names of its decoders, at the place of the outermost."""
    texts = list(unwrapping.texts())
    if not texts:
        return
    starts = [0, *accumulate(len(text.content) + len(_APART) for text in texts)]
    content = _APART.join(text.content for text in texts)
    joined = Piece(piece.path, content, 0, 1, 0, Presence(content))
    for one in _occurrences(index, joined):
        text = texts[bisect_right(starts, one.offset) - 1]
        line = piece.line + line_ends(piece.content, 0, text.place)
        form = text.form if one.form == "plain" else f"{text.form}, {one.form}"
        yield replace(one, form=form, line=line, offset=piece.offset + text.place)
