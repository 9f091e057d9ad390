"""Locales: every file is complete, and every phone and postal code in it belongs to nobody."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from canaries.content import locales, people
from canaries.core.errors import MintError
from canaries.crypto.seeded_random import SeededRandom

RESERVED = {
    "en_US": r"\(\d{3}\) 555-01##",
    "es_MX": r"001 \(\d{3}\) 555-01##",
    "en_GB": r"07700 900###|020 7946 0###|01(1[3-8]|[2-6]1) 496 0###|01632 960###",
    "de_DE": r"030 23125###|040 66969###|069 90009###|0221 4710###|089 99998###",
    "fr_FR": r"01 99 00 ## ##|02 61 91 ## ##|03 53 01 ## ##|04 65 71 ## ##|05 36 49 ## ##|06 39 98 ## ##",
    "en_AU": r"\(0[2378]\) (5550|7010) ####",
}
"""The regulators' ranges, written down a second time."""

UNASSIGNED = {
    "en_US": r"(213|269|343|348|419|429|517|519|536|552|568|589|621|663|682|695|702|709|732)##",
    "es_MX": r"1[789]###",
    "en_GB": r"[HKLMPSTW]B1# #\?\?",
    "de_DE": r"(05|43)###",
    "fr_FR": r"96##0",
    "en_AU": r"0[3-7]##",
}


def test_there_are_at_least_six() -> None:
    assert set(locales.names()) >= {"en_US", "en_GB", "de_DE", "fr_FR", "es_MX", "en_AU"}


@pytest.mark.parametrize("name", locales.names())
def test_phones_come_from_reserved_ranges_only(name: str) -> None:
    for pattern in locales.load(name).phones:
        assert re.fullmatch(RESERVED[name], pattern), pattern


@pytest.mark.parametrize("name", locales.names())
def test_postal_codes_belong_to_no_place(name: str) -> None:
    for _, pattern in locales.load(name).regions:
        assert re.fullmatch(UNASSIGNED[name], pattern), pattern


@pytest.mark.parametrize("name", locales.names())
def test_a_locale_is_complete(name: str) -> None:
    locale = locales.load(name)
    assert len(locale.women.names) >= 150
    assert len(locale.men.names) >= 150
    assert len(locale.families.names) >= 400
    assert len(locale.towns.begin) * len(locale.towns.end) >= 100
    assert len(locale.streets.begin) * len(locale.streets.end) >= 50
    assert locale.street_form.format(number=1, street="x")
    assert len(locale.country) == 2
    assert locale.surnames in (1, 2)


@pytest.mark.parametrize("name", locales.names())
def test_every_name_is_written_as_people_write_it_and_stands_once(name: str) -> None:
    locale = locales.load(name)
    for listed in (locale.women, locale.men, locale.families):
        assert len(listed.names) == len(set(listed.names))
        for one in listed.names:
            assert re.fullmatch(
                r"(de |del |de la )?[A-ZÀ-Ý](['-]?[A-Za-zÀ-ÿ])+( [A-Za-zÀ-ÿ][a-zà-ÿ]+)*", one
            ), one


@pytest.mark.parametrize("name", locales.names())
def test_no_name_is_borne_by_one_in_twenty(name: str) -> None:
    locale = locales.load(name)
    for listed in (locale.women, locale.men, locale.families):
        heaviest = max(after - before for before, after in pairwise((0, *listed.sums)))
        assert heaviest * 20 < listed.sums[-1]


@pytest.mark.parametrize("name", ["xx_XX", "", "../user/en_US", "en_US\0"])
def test_an_unknown_locale_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(MintError) as caught:
        locales.load(name)
    assert "en_GB" in str(caught.value.hint)


def broken_rules(name: str, count: int) -> list[str]:
    """What of so many people could be somebody's: a number, a postal code, a town, a street."""
    locale = locales.load(name)
    phones = re.compile("|".join(_form(one) for one in locale.phones))
    codes = re.compile("|".join(_form(pattern) for _, pattern in locale.regions))
    towns = {begin + end for begin in locale.towns.begin for end in locale.towns.end}
    streets = {begin + end for begin in locale.streets.begin for end in locale.streets.end}
    wrong = []
    for number in range(count):
        person = people.draw(SeededRandom(number.to_bytes(32, "big")), name, 2026)
        known = any(street in person.street for street in streets)
        kept = re.fullmatch(RESERVED[name].replace("#", r"\d"), person.phone)
        nobodys = re.fullmatch(UNASSIGNED[name].replace("#", r"\d").replace(r"\?", "[A-Z]"), person.postcode)
        if not (phones.fullmatch(person.phone) and codes.fullmatch(person.postcode) and kept and nobodys):
            wrong.append(f"{person.phone} {person.postcode}")
        if person.city not in towns or not known:
            wrong.append(f"{person.street}, {person.city}")
    return wrong


def _form(pattern: str) -> str:
    return re.escape(pattern).replace(r"\#", r"\d").replace("#", r"\d").replace(r"\?", "[A-Z]")


@pytest.mark.parametrize("name", locales.names())
def test_nobody_drawn_is_somebody(name: str) -> None:
    """2,000 people over all locales; many more in the long run."""
    assert broken_rules(name, 2000 // len(locales.names())) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", locales.names())
def test_of_a_hundred_thousand_nobody_is_somebody(name: str) -> None:
    assert broken_rules(name, 100_000 // len(locales.names())) == []
