"""How much of what others may have too must stand together before it says whose it is.

A name is shared by many people, a city and a date of birth by many more; a telephone number, a user name, a street with
its number by few. Each facet of one canary that stands near counts once. Four are enough: a name, a city and a date of
birth in one row, or a name and a telephone number; a date of birth and a city are not, nor a name and either.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from canaries.scan.dumps import OVERLAP

_ENOUGH = 4
_WEIGHTS = {"name": 2, "city": 1, "birth_date": 1}
_WEAK = 3
"""Of any other facet that others may have too: telephone number, user name, street, a mailbox without its domain."""
_FAINT = frozenset({"city", "birth_date"})
_ROW = 256
"""Bytes within which these count: as far as one row goes."""


class Company:
    """Which facets of which canaries stand where in a piece."""

    def __init__(self, seen: Iterable[tuple[int, str, str, bool]]) -> None:
        """``seen``: place, canary, facet, whether others may have it; in order of place."""
        self._places: dict[str, dict[str, list[int]]] = {}
        self._strong: dict[str, list[int]] = {}
        for place, canary, facet, weak in seen:
            self._places.setdefault(canary, {}).setdefault(facet, []).append(place)
            if not weak:
                self._strong.setdefault(canary, []).append(place)

    def enough(self, place: int, canary: str, facet: str) -> bool:
        """Whether what others may have too, at ``place``, stands among enough that is this canary's."""
        if _near(self._strong.get(canary, ()), place, OVERLAP):
            return True
        weight = _WEIGHTS.get(facet, _WEAK)
        for other, places in self._places[canary].items():
            if other != facet and _near(places, place, _ROW if {facet, other} & _FAINT else OVERLAP):
                weight += _WEIGHTS.get(other, _WEAK)
        return weight >= _ENOUGH


def _near(places: list[int] | tuple[()], place: int, most: int) -> bool:
    at = bisect_left(places, place)
    return any(abs(one - place) <= most for one in places[max(0, at - 1) : at + 1])
