"""How much of what others may have too must stand together before it says whose it is.

A name is shared by many people, a city and a date of birth by many more; a telephone number, a user name, a street with
its number by few. Each facet of one canary that stands near counts once. Nine are enough: a name, a city and a date of
birth in one row, a street and a name, or a name and a telephone number; a date of birth and a city are not, nor a name
and either, nor a street and a city, which are an address.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from canaries.scan.dumps import OVERLAP
from canaries.scan.words import REACH

_ENOUGH = 9
_WEIGHTS = {"name": 4, "birth_date": 4, "city": 1, "street": 5}
_WEAK = 8
"""Of any other facet that others may have too: telephone number, user name, a mailbox without its domain."""
_FAINT = frozenset({"city", "birth_date", "street"})
"""These count within one row."""
_SHARED = frozenset({"name", "birth_date", "city"})
"""These nobody looks at where they are alone."""


def _any_row(place: int) -> tuple[int, int]:
    return place - REACH, place + REACH + 1


class Company:
    """Which facets of which canaries stand where in a piece."""

    def __init__(
        self,
        seen: Iterable[tuple[int, str, str, bool]],
        row: Callable[[int], tuple[int, int]] = _any_row,
    ) -> None:
        """``seen``: place, canary, facet, whether others may have it; in order of place. ``row``: where the row begins
        and ends that a place is in."""
        self._row = row
        self._places: dict[str, dict[str, list[int]]] = {}
        self._strong: dict[str, list[int]] = {}
        for place, canary, facet, weak in seen:
            self._places.setdefault(canary, {}).setdefault(facet, []).append(place)
            if not weak:
                self._strong.setdefault(canary, []).append(place)

    def beside(self, place: int, canary: str, facet: str) -> frozenset[str] | None:
        """With which facets what others may have too, at ``place``, says whose it is; None where it does not.

        Empty: beside something that nobody else has.
        """
        if _near(self._strong.get(canary, ()), place, OVERLAP):
            return frozenset()
        others = {
            other
            for other, places in self._places[canary].items()
            if other != facet
            and (self._beside(places, place) if {facet, other} & _FAINT else _near(places, place, OVERLAP))
        }
        weight = sum(_WEIGHTS.get(one, _WEAK) for one in (facet, *others))
        return frozenset({facet, *others}) if weight >= _ENOUGH else None

    def _beside(self, places: list[int], place: int) -> bool:
        """Whether one of these places is in the row of ``place``."""
        if not _near(places, place, REACH):
            return False
        low, high = self._row(place)
        return bisect_left(places, low) < bisect_left(places, high)


def light(facet: str) -> bool:
    """Whether so many share it that it is not worth a look by itself."""
    return facet in _SHARED


def accompanied(
    owners: npt.NDArray[np.int64], facets: npt.NDArray[np.int64], places: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Of things seen, by number: whose, what, where; those with another facet of the same canary near them."""
    order = np.lexsort((places, owners))
    owner, place = owners[order], places[order]
    # where a run of one facet begins
    fresh = np.flatnonzero(np.diff(owner, prepend=-1) | np.diff(facets[order], prepend=-1))
    run = np.searchsorted(fresh, np.arange(len(order)), "right") - 1
    before, behind = fresh[run] - 1, np.append(fresh, len(order))[run + 1]
    near = np.zeros(len(order), np.bool_)
    for other, there in ((before, before >= 0), (behind, behind < len(order))):
        at = np.where(there, other, 0)
        near |= there & (owner[at] == owner) & (np.abs(place[at] - place) <= OVERLAP)
    found = np.empty(len(order), np.bool_)
    found[order] = near
    return found


def _near(places: list[int] | tuple[()], place: int, most: int) -> bool:
    at = bisect_left(places, place)
    return any(abs(one - place) <= most for one in places[max(0, at - 1) : at + 1])
