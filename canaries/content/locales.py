"""What phony people of a country have: one file a locale in ``templates/kinds/user``.

*Phones* come from ranges their regulator keeps free for films and teaching.

*Names* are lists by how frequent a name is, as far as figures are published.

*Addresses* are in towns put together from two pieces, under postal codes of blocks that belong to no place: they look
right, a letter to them comes back, and nobody can call there.

In patterns ``#`` is any digit and ``?`` any postal letter. A new locale is one new file, which names its sources. Two
of its settings may be left out: ``postal_letters`` and ``spelling``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from canaries.content.weighted_names import WeightedNames
from canaries.core.errors import MintError
from canaries.core.render import folder

POSTAL_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""What the last two letters of a British postcode may be."""
SPELLING: Mapping[int, str] = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae"})
"""How letters are written in ASCII that are not a plain letter with an accent: as in German."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Two halves of a name."""

    begin: tuple[str, ...]
    end: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Locale:
    """One language and country."""

    country: str
    """ISO 3166-1 alpha-2."""
    calling_code: str
    """ITU-T E.164, without the +."""
    women: WeightedNames
    men: WeightedNames
    families: WeightedNames
    surnames: int
    """How many a person has."""
    highest: int
    """House numbers go up to here."""
    street_form: str
    """How ``{number}`` and ``{street}`` are written."""
    phones: tuple[str, ...]
    """Patterns out of reserved ranges, as people write them."""
    regions: tuple[tuple[str, str], ...]
    """(region or empty, pattern of postal codes that belong to no place)."""
    towns: Pieces
    streets: Pieces
    postal_letters: str
    """What stands for ``?`` in postal codes."""
    spelling: Mapping[int, str]
    """How user names and mailboxes write small letters in ASCII, for `str.translate`; other accents are dropped."""


def names() -> list[str]:
    """The locales there are, sorted."""
    return sorted(path.stem for path in (folder() / "kinds" / "user").glob("*.toml"))


@cache
def load(name: str) -> Locale:
    """The locale called ``name``. Raises MintError where there is none."""
    if name not in names():
        raise MintError(
            f"there are no phony people of {name!r}", hint=f"choose locale from: {', '.join(names())}"
        )
    raw = tomllib.loads((folder() / "kinds" / "user" / f"{name}.toml").read_text("utf-8"))
    return Locale(
        country=raw["country"],
        calling_code=raw["calling_code"],
        women=WeightedNames.of(raw["names"]["women"]),
        men=WeightedNames.of(raw["names"]["men"]),
        families=WeightedNames.of(raw["names"]["families"]),
        surnames=raw["surnames"],
        highest=raw["highest"],
        street_form=raw["street_form"],
        phones=tuple(raw["phones"]),
        regions=tuple((region, pattern) for region, pattern in raw["regions"]),
        towns=Pieces(tuple(raw["towns"]["begin"]), tuple(raw["towns"]["end"])),
        streets=Pieces(tuple(raw["streets"]["begin"]), tuple(raw["streets"]["end"])),
        postal_letters=raw.get("postal_letters", POSTAL_LETTERS),
        spelling=str.maketrans(raw["spelling"]) if "spelling" in raw else SPELLING,
    )


@cache
def calling_code(country: str) -> str:
    """The country's, by its two letters; empty where no locale is of that country."""
    every = (load(name) for name in names())
    return next((one.calling_code for one in every if one.country == country), "")
