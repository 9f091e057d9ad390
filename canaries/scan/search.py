"""Searching dumps with an index: which strings of which canaries stand in them, each once a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import OVERLAP, Piece, read_pieces
from canaries.scan.index import ScanIndex, SpellingMatch
from canaries.scan.views import TextView, views


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


def search(
    index: ScanIndex, paths: Iterable[Path], read: Callable[[int], object] = lambda size: None
) -> Iterator[Occurrence | Unreadable]:
    """Everything in the files and folders ``paths`` that ``index`` knows, and every part that could not be read.

    ``read`` is told how many bytes more were looked at.
    """
    file = _File(index, "")
    for path in paths:
        for piece in read_pieces(path):
            if isinstance(piece, Unreadable):
                yield piece
                continue
            if piece.path != file.path or not piece.offset:
                file = _File(index, piece.path)
            yield from file.occurrences(piece)
            read(len(piece.content) - piece.overlap)


class _File:
    """One file while it is searched."""

    def __init__(self, index: ScanIndex, path: str) -> None:
        self.path = path
        self._index = index
        self._told = set[tuple[str, str]]()

    def occurrences(self, piece: Piece) -> Iterator[Occurrence]:
        """Of one piece, in order of place."""
        found = sorted(self._matches(piece.content), key=lambda one: one[0])
        near = _company(found)
        line, counted = piece.line, 0
        for place, match in found:
            name = (match.canary, match.facet)
            if name in self._told or (match.weak and not near(place, match)):
                continue
            self._told.add(name)
            line += piece.content.count(b"\n", counted, place)
            counted = place
            yield Occurrence(*name, match.form, match.weak, self.path, line, piece.offset + place)

    def _matches(self, content: bytes) -> Iterator[tuple[int, SpellingMatch]]:
        for view in views(content):
            for match in self._index.matches(view.content):
                yield view.place(match.place), _seen(match, view)


def _seen(match: SpellingMatch, view: TextView) -> SpellingMatch:
    return replace(match, form=view.name) if view.name and match.form == "plain" else match


def _company(found: list[tuple[int, SpellingMatch]]) -> Callable[[int, SpellingMatch], bool]:
    """Whether another facet of a match's canary stands within `OVERLAP` bytes of it."""
    places: dict[str, list[tuple[int, str]]] = {}
    for place, match in found:
        places.setdefault(match.canary, []).append((place, match.facet))

    def near(place: int, match: SpellingMatch) -> bool:
        return any(
            facet != match.facet and abs(other - place) <= OVERLAP for other, facet in places[match.canary]
        )

    return near
