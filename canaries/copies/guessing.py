"""How hard a canary's strings are to hit by chance: the most probable value decides (min-entropy), not the average."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from canaries.content import locales
from canaries.content.people import ascii_letters

if TYPE_CHECKING:
    from canaries.content.weighted_names import WeightedNames
    from canaries.core.model import Canary

DRAWN = 96.0
"""Bits of every token that is drawn: what `canaries.core.model.Token` promises."""
_USER_NUMBER = math.log2(9999 - 11)
"""Bits of the number behind a user name (`canaries.content.people`)."""
_STREET, _BIRTH_DATE = 10.0, 13.0
"""Of a street with its number, of a date of birth: one in a hundred lives in the commonest street of a country, one in
ten of those at one number; a quarter of a century has 9,131 days. A city is worth nothing: a table may be of one."""


def mailbox_bits(pattern: str, locale_name: str) -> float:
    """Of an address made by this pattern (`canaries.content.name_patterns`) for somebody of the locale."""
    bits = math.log2(10) * pattern.count("#") + math.log2(48) * pattern.count("%%%%")
    for word in re.findall("~+", pattern):
        bits += 1 + math.ceil(len(word) / 2) * math.log2(5) + len(word) // 2 * math.log2(17)
    for whole, initial, which in (("{first}", "{f}", 0), ("{last}", "{l}", 1)):
        bits += _name_bits(locale_name)[which] if whole in pattern else 0.0
        bits += _name_bits(locale_name)[which + 2] if whole not in pattern and initial in pattern else 0.0
    return bits


def enough(pattern: str, locale_name: str, bits: float) -> str:
    """The pattern with as many digits more as it needs."""
    while mailbox_bits(pattern, locale_name) < bits:
        pattern += "#"
    return pattern


def row_bits(canary: Canary, facets: Collection[str]) -> float:
    """What these facets of a canary, found together, are worth."""
    locale = canary.row.get("locale", "")
    strong = [one.facet for one in canary.tokens if not one.weak and one.facet in facets]
    if any(facet != "email" for facet in strong):
        return DRAWN
    bits = 0.0
    if strong:
        pattern = canary.options.get("mailbox", "")
        bits = mailbox_bits(pattern, locale) if pattern else DRAWN
    if locale and {"name", "phone"} <= set(facets):  # an address follows from the name: one or the other
        bits = max(bits, _name_bits(locale)[4] + _phone_bits(locale))
    return bits


def shared_bits(row: Mapping[str, str], pattern: str, facets: Collection[str]) -> float:
    """What these facets of a phony person, which others may have too, are worth together against one row of somebody
    of their country; ``pattern``: of the mailbox, empty where it was drawn. 0 where nothing is known of the person.

    A user name and a mailbox follow from the name: the best of them counts.
    """
    if not (locale := row.get("locale", "")):
        return 0.0
    first, last, first_letter, _, written = _name_bits(locale)
    names = {
        "name": min(written, first + last),
        "user_name": first_letter + last + _USER_NUMBER,
        "mailbox": mailbox_bits(pattern, locale) if pattern else DRAWN,
    }
    others = {"phone": _phone_bits(locale), "street": _STREET, "birth_date": _BIRTH_DATE}
    whole = max((bits for facet, bits in names.items() if facet in facets), default=0.0)
    return whole + sum(bits for facet, bits in others.items() if facet in facets)


def _phone_bits(locale_name: str) -> float:
    return math.log2(10) * min(pattern.count("#") for pattern in locales.load(locale_name).phones)


@cache
def _name_bits(locale_name: str) -> tuple[float, float, float, float, float]:
    """(given name, family name, their initials, the whole name as written)."""
    locale = locales.load(locale_name)
    given = _most(locale_name, locale.women, locale.men)
    family = _most(locale_name, locale.families)
    whole = given.name * family.name**locale.surnames
    values = (given.letters, family.letters, given.initial, family.initial, whole)
    first, last, first_letter, last_letter, written = (-math.log2(one) for one in values)
    return first, last, first_letter, last_letter, written


@dataclass(frozen=True, slots=True)
class _Most:
    """Probabilities of the most probable: name as written, its first word in plain letters, its initial."""

    name: float
    letters: float
    initial: float


def _most(locale_name: str, *lists: WeightedNames) -> _Most:
    """Of one of the lists, each as likely as the others."""
    name: dict[str, float] = defaultdict(float)
    letters: dict[str, float] = defaultdict(float)
    initial: dict[str, float] = defaultdict(float)
    for names in lists:
        before = 0
        for one, total in zip(names.names, names.sums, strict=True):
            chance = (total - before) / names.sums[-1] / len(lists)
            before = total
            name[one] += chance
            letters[ascii_letters(one.split()[0], locale_name)] += chance
            initial[ascii_letters(one, locale_name)[:1]] += chance
    return _Most(max(name.values()), max(letters.values()), max(initial.values()))
