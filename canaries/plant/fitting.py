"""People minted to fit the table that they are planted into: after one of the neighbours.

A neighbour says of which country a person is and how mailbox and user name are made of the name. Whose domain the
address is at the operator's own domains decide: that with the fewest people in the table.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from canaries.content import locales, name_patterns
from canaries.content.people import ascii_letters
from canaries.plant.rows import table
from canaries.plant.rows.columns import match
from canaries.plant.rows.donors import candidates, marks_of
from canaries.plant.rows.relations import Family

if TYPE_CHECKING:
    from canaries.core.settings import BaitSettings

_KEYS = ("email", "name", "first_name", "last_name", "user_name", "phone", "locale", "country")
_LEAST_BITS = 12
"""A mailbox with fewer gets digits: first names alone are what every spammer tries."""
_NAMES = 400
"""Given or family names of a locale, about."""


@dataclass(frozen=True, slots=True)
class Fit:
    """After whom a person is minted."""

    options: Mapping[str, str]
    """Of the kind ``user``."""
    like: Mapping[str, Any]
    """The neighbour's key; empty where there are none."""


def fit(target: str, table_name: str, settings: BaitSettings, chance: random.Random) -> Fit:
    """After one of the newest neighbours, drawn by ``chance``. Raises PlantError where the table cannot be read."""
    where = table.address(target, table_name)
    with table.opened(where) as connection:
        family = Family(connection, where)
        sample = family.sample(where)
        for donor in candidates(sample, chance):
            members = family.of(donor)
            matched = [match(_KEYS, [one.name for one in member.layout.fields]) for member in members]
            marks = marks_of(members, matched)
            locale = locale_of(marks, settings.locale)
            if not locale or not marks.get("email"):
                continue
            seen = [
                str(row.get(name)).rpartition("@")[2].lower()
                for member, found in zip(members, matched, strict=True)
                for name, key in found.items()
                if key == "email"
                for row in member.sample.rows
            ]
            key = {name: donor[name] for name in family.layout(where).key}
            return Fit(options_like(marks, locale, _least(settings, seen, chance)), key)
    return Fit({}, {})


def options_like(marks: Mapping[str, str], locale: str, domain: str) -> dict[str, str]:
    """Of the kind ``user``, for somebody whose mailbox and user name are made as those of ``marks``."""
    options = {"locale": locale, "mailbox": _mailbox(marks, locale)}
    login, mailbox = marks.get("user_name", "").lower(), marks["email"].partition("@")[0].lower()
    if login and login not in (mailbox, marks["email"].lower()):
        options["login"] = name_patterns.pattern_of(login, *_names(marks, login, locale))
    return options | ({"domain": domain} if domain else {})


def _mailbox(marks: Mapping[str, str], locale: str) -> str:
    text = marks["email"].partition("@")[0].partition("+")[0].lower()
    pattern = name_patterns.pattern_of(text, *_names(marks, text, locale))
    while name_patterns.bits(pattern, _NAMES) < _LEAST_BITS:
        pattern += "#"
    return pattern


def _names(marks: Mapping[str, str], text: str, locale: str) -> tuple[str, str]:
    """Given and family name in ASCII, as people of the locale spell them; where no column tells them, the known names
    that ``text`` is made of."""
    first, last = (
        ascii_letters(marks.get("first_name", ""), locale),
        ascii_letters(marks.get("last_name", "").split(" ")[0], locale),
    )
    if first or last:
        return first, last
    pieces = re.findall("[a-z]+", text)
    given, families = _known()
    first = next((piece for piece in pieces if piece in given), "")
    last = next((piece for piece in pieces if piece in families and piece != first), "")
    return first, last


def _known() -> tuple[set[str], set[str]]:
    given, families = set(), set()
    for locale_name in locales.names():
        one = locales.load(locale_name)
        given |= {ascii_letters(name, locale_name) for name in (*one.women.names, *one.men.names)}
        families |= {ascii_letters(name, locale_name) for name in one.families.names}
    return given, families


def locale_of(marks: Mapping[str, str], usual: str) -> str:
    """Of the person to mint; empty where there are no people of the neighbour's country or language. A phone number
    that says its country decides where the rest leaves several."""
    said = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", marks.get("locale", ""))
    country = marks.get("country", "").upper()
    language = said[1].lower() if said else ""
    country = (said[2] or "").upper() if said and said[2] else country if len(country) == 2 else ""
    fitting = [
        name
        for name in locales.names()
        if (not language or name.startswith(f"{language}_")) and (not country or name.endswith(f"_{country}"))
    ]
    called = _called(marks.get("phone", ""), fitting)
    if not (language or country or called):
        return _named_so(marks, usual)
    likely = f"{language}_{language.upper()}"  # fr is France's before it is Quebec's
    return next(
        (one for one in (usual, likely) if one in (called or fitting)), next(iter(called or fitting), "")
    )


def _named_so(marks: Mapping[str, str], usual: str) -> str:
    """The locale whose lists have the given and the family name, or the only one that has one of them; ``usual`` where
    it is among several, or where none has."""
    names = marks.get("name", "").split()
    first = (marks.get("first_name") or " ".join(names[:1])).lower()
    last = (marks.get("last_name") or " ".join(names[1:])).lower()
    known = {name: [first in given, last in families] for name, (given, families) in _listed().items()}
    best = max(map(sum, known.values()))
    having = [name for name, found in known.items() if sum(found) == best]
    if best == 0 or usual in having or (best == 1 and len(having) > 1):
        return usual
    return next((name for name in having if name.startswith(f"{name[-2:].lower()}_")), having[0])


@cache
def _listed() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Given and family names of every locale, as they are written there, lower case."""
    loaded = {name: locales.load(name) for name in locales.names()}
    return {
        name: (
            frozenset(first.lower() for first in (*one.women.names, *one.men.names)),
            frozenset(last.lower() for last in one.families.names),
        )
        for name, one in loaded.items()
    }


def _called(phone: str, fitting: list[str]) -> list[str]:
    """Those of ``fitting`` whose country the number is of, if it says one: a code that countries share does not."""
    digits = re.sub(r"\D", "", phone)
    abroad = digits if phone.startswith("+") else digits.removeprefix("00") if phone.startswith("00") else ""
    loaded = {name: locales.load(name) for name in fitting}
    called = [name for name, one in loaded.items() if abroad.startswith(one.calling_code)]
    return called if len({loaded[name].country for name in called}) == 1 else []


def _least(settings: BaitSettings, seen: Iterable[str], chance: random.Random) -> str:
    """Of the operator's domains that with the fewest addresses in the table; empty where there is none."""
    own = [one for one in (settings.domain, *settings.mail_domains) if one]
    counts = Counter(seen)
    fewest = min((counts[one] for one in own), default=0)
    return chance.choice([one for one in own if counts[one] == fewest]) if own else ""
