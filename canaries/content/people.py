"""Phony people: drawn from a stream, and nobody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from canaries.content import locales
from canaries.content.locales import Locale, Pieces
from canaries.crypto.seeded_random import BASE36, SeededRandom


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str
    user_name: str
    """Believable, hence guessable."""
    phone: str
    street: str
    """With the house number."""
    postcode: str
    city: str
    region: str
    """Empty where addresses have none."""
    country: str
    """ISO 3166-1 alpha-2."""
    birth_date: str
    """ISO 8601; 19 to 79 years before the year of minting."""
    locale: str
    """Of which they are."""


def draw(stream: SeededRandom, locale_name: str, year: int) -> Person:
    """Somebody of ``locale_name``, minted in ``year``. Raises MintError where the locale is unknown."""
    locale = locales.load(locale_name)
    first = (locale.women if stream.below("sex", 2) else locale.men).draw(stream, "first")
    last = " ".join(locale.families.draw(stream, f"last:{turn}") for turn in range(locale.surnames))
    region, postcode = stream.pick("region", locale.regions)
    return Person(
        first=first,
        last=last,
        user_name=_user_name(stream, ascii_letters(first, locale_name), _family(last, locale_name)),
        phone=_written(stream, "phone", stream.pick("range", locale.phones), locale),
        street=_street(stream, locale),
        postcode=_written(stream, "postcode", postcode, locale),
        city=_joined(stream, "town", locale.towns),
        region=region,
        country=locale.country,
        birth_date=f"{year - stream.between('age', 20, 79)}-{stream.between('month', 1, 12):02d}-"
        f"{stream.between('day', 1, 28):02d}",
        locale=locale_name,
    )


def mailbox(stream: SeededRandom, person: Person, length: int) -> str:
    """The part of an e-mail address before the @: a name with a tag of ``length`` characters, or the tag alone, as
    alias services make them. 20 characters are 103 bits."""
    first, last = plain_names(person)
    form = stream.pick(
        "mailbox:form", ("{0}.{1}.{2}", "{0}.{1}+{2}", "{0}-{2}", "{0}_{2}", "{0:.1}{1}+{2}", "{2}")
    )
    return form.format(first[:16], last[:16], stream.text("mailbox", BASE36, length))


def plain_names(person: Person) -> tuple[str, str]:
    """Given and first family name as mailboxes write them."""
    return ascii_letters(person.first, person.locale), _family(person.last, person.locale)


def ascii_letters(name: str, locale_name: str = "") -> str:
    """``Jörg-Maïté`` as ``joergmaite``, or as they spell it in that locale: in Sweden ``Sjöström`` is ``sjostrom``."""
    spelling = locales.load(locale_name).spelling if locale_name else locales.SPELLING
    spelled = unicodedata.normalize("NFKD", name.lower().translate(spelling))
    return re.sub("[^a-z]", "", spelled)


def _family(last: str, locale_name: str) -> str:
    return ascii_letters(last.split()[0], locale_name)


def _user_name(stream: SeededRandom, given: str, family: str) -> str:
    forms = ("{0}.{1}", "{0}{1}", "{0}_{1}", "{0:.1}{1}", "{1}{0:.1}")
    return stream.pick("user form", forms).format(given, family) + str(
        stream.between("user number", 11, 9999)
    )


def _street(stream: SeededRandom, locale: Locale) -> str:
    number = stream.between("number", 1, locale.highest)
    return locale.street_form.format(number=number, street=_joined(stream, "street", locale.streets))


def _joined(stream: SeededRandom, label: str, pieces: Pieces) -> str:
    return stream.pick(f"{label}:a", pieces.begin) + stream.pick(f"{label}:b", pieces.end)


def _written(stream: SeededRandom, label: str, pattern: str, locale: Locale) -> str:
    """The pattern with a digit for every # and a letter for every ?."""
    digits = iter(stream.text(f"{label}:digits", BASE36[:10], 8))
    letters = iter(stream.text(f"{label}:letters", locale.postal_letters, 4)) if "?" in pattern else iter(())
    return "".join(
        next(digits) if char == "#" else next(letters) if char == "?" else char for char in pattern
    )
