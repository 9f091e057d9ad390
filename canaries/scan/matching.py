"""What of an index stands in a piece of a dump, in whatever view of it.

What many share, such as a date of birth, is compared only where another string of the same canary may stand near: a
table of people has one in each row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from canaries.crypto.token_tags import tagger
from canaries.scan.company import accompanied, light
from canaries.scan.dumps import Piece
from canaries.scan.index import ScanIndex, SpellingCandidates, SpellingMatch
from canaries.scan.views import TextView, views
from canaries.scan.words import words_beside

_NAME = frozenset({"first_name", "last_name"})
_FORM = "in fields"


def matches(index: ScanIndex, piece: Piece) -> Iterator[tuple[int, SpellingMatch]]:
    """Each with its place in the piece."""
    read = [
        (view, found)
        for view in views(piece.content, piece.present)
        if len((found := index.candidates(view.content)).rows)
    ]
    if not read:
        return
    kept = _worth_a_look(index, read)
    beside = _Beside(index)
    for (view, found), here in zip(
        read, np.split(kept, np.cumsum([len(found.rows) for _, found in read])[:-1]), strict=True
    ):
        for match in index.compare(view.content, found.only(here)):
            place = view.place(match.place)
            yield place, replace(match, form=view.name) if view.name and match.form == "plain" else match
            if match.weak:
                for facet in beside.facets(view.content, match):
                    yield place, SpellingMatch(match.place, 0, match.canary, facet, _FORM, True, match.owner)


def _worth_a_look(
    index: ScanIndex, read: Sequence[tuple[TextView, SpellingCandidates]]
) -> npt.NDArray[np.bool_]:
    """Which may say whose it is, in every view: those that few have, and those that have company."""
    rows = np.concatenate([found.rows for _, found in read])
    facets = [facet for facet, _ in index.names]
    shared: npt.NDArray[np.bool_] = np.array([light(one) for one in facets])[rows["what"]]
    if not shared.any():
        return ~shared
    numbers = {facet: number for number, facet in enumerate(dict.fromkeys(facets))}
    facet = np.array([numbers[one] for one in facets])[rows["what"]]
    places = np.concatenate([view.places(found.starts) for view, found in read])
    return ~shared | accompanied(rows["canary"].astype(np.int64), facet, places)


class _Beside:
    """What of a phony person's name and city stands in words in the row of something else that is theirs."""

    def __init__(self, index: ScanIndex) -> None:
        self._index, self._tag = index, tagger(index.key)
        self._known: dict[bytes, bytes] = {}
        self._last: tuple[bytes, int, int] = (b"", 0, 0)
        self._tags: frozenset[bytes] = frozenset()

    def facets(self, content: bytes, match: SpellingMatch) -> list[str]:
        """``name``, ``city``, both or neither."""
        stands = content, match.place, match.length
        if self._last != stands:  # people share streets
            self._last = stands
            beside = words_beside(content, match.place, match.place + match.length)
            self._tags = frozenset(map(self._tagged, beside))
        found = set(self._index.facets_of(match.owner, self._tags))
        return ["name"] * (found >= _NAME) + ["city"] * ("city" in found)

    def _tagged(self, word: bytes) -> bytes:
        if (tag := self._known.get(word)) is None:
            tag = self._known[word] = self._tag(word)
        return tag
