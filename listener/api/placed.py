"""Filtering by where bait was put: a place in words becomes the canaries that were put there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canaries.core.errors import TraplineError
from canaries.mint import places
from listener.api.fields import words

if TYPE_CHECKING:
    from marshmallow import fields

    from canaries.installation.home import Home

MOST = 10_000
"""Canaries at places that one request asks for."""


def place_words() -> fields.String:
    """The filter, of a query."""
    said = "Words of a place where the canary is on record as planted; upper and lower case alike."
    return words(200, load_default="", metadata={"description": said})


def among(home: Home, canary: str | None, place: str) -> list[str] | None:
    """The canaries that both filters leave; None: neither was given. Raises TraplineError where they are too many."""
    if not place.strip():
        return None if canary is None else [canary]
    found = at(home, place)
    return found if canary is None else [one for one in found if one == canary]


def at(home: Home, place: str) -> list[str]:
    """The canaries at a place. Raises TraplineError where they are too many."""
    found = places.at(home, place)
    if len(found) > MOST:
        raise TraplineError(
            f"more than {MOST:,} canaries are at places like that", hint="say more of the place"
        )
    return sorted(found)
