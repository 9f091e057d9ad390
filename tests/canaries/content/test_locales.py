"""Locales: every file is complete, and every phone and postal code in it belongs to nobody."""

from __future__ import annotations

import re
import string
from itertools import pairwise
from pathlib import Path

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
    "sv_SE": r"070-174 06 [1-9]#|031-390 06 ##|040-628 04 ##|08-465 004 ##|0980-31 92 ##",
    "en_IE": r"020 91# ####",
    "en_CA": r"\((204|226|236|250|289|306|343|403|416|506|519|587|604|613|647|705|709|778|780|807|902|905)\) 555-01##",
    "fr_CA": r"(367|418|438|450|468|514|579|581|819|873) 555-01##",
}
"""The regulators' ranges, written down a second time."""

UNASSIGNED = {
    "en_US": r"(213|269|343|348|419|429|517|519|536|552|568|589|621|663|682|695|702|709|732)##",
    "es_MX": r"1[789]###",
    "en_GB": r"[HKLMPSTW]B1# #\?\?",
    "de_DE": r"(05|43)###",
    "fr_FR": r"96##0",
    "en_AU": r"0[3-7]##",
    "sv_SE": r"(32|48|49|99)# ##",
    "en_IE": r"(E[68]|F[67]|H[38]|K[29]|N[57]|P9|R[67]|T[78]|V[67]|W[57]|X[67]|Y[57])# \?(#\?#|\?##|##\?)",
    "en_CA": r"[WZ]#\? #\?#",
    "fr_CA": r"[WZ]#\? #\?#",
}
POSTAL_LETTERS = {
    "en_IE": "ACDEFHKNPRTVWXY",
    "en_CA": "ABCEGHJKLMNPRSTVWXYZ",
    "fr_CA": "ABCEGHJKLMNPRSTVWXYZ",
}
"""Of those whose codes contain letters behind the block: Eircode's, and Canada Post's without D, F, I, O, Q and U."""
ROUTING_KEYS = """
A41 A42 A45 A63 A67 A75 A81 A82 A83 A84 A85 A86 A91 A92 A94 A96 A98 C15 D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11
D12 D13 D14 D15 D16 D17 D18 D20 D22 D24 D6W E21 E25 E32 E34 E41 E45 E53 E91 F12 F23 F26 F28 F31 F35 F42 F45 F52 F56
F91 F92 F93 F94 H12 H14 H16 H18 H23 H53 H54 H62 H65 H71 H91 K32 K34 K36 K45 K56 K67 K78 N37 N39 N41 N91 P12 P14 P17
P24 P25 P31 P32 P36 P43 P47 P51 P56 P61 P67 P72 P75 P81 P85 R14 R21 R32 R35 R42 R45 R51 R56 R93 R95 T12 T23 T34 T45
T56 V14 V15 V23 V31 V35 V42 V92 V93 V94 V95 W12 W23 W34 W91 X35 X42 X91 Y14 Y21 Y25 Y34 Y35
""".split()
"""All 139 of Ireland (Eircode)."""


def test_every_locale_has_its_rules_here_and_there_are_ten() -> None:
    assert set(locales.names()) == set(RESERVED) == set(UNASSIGNED)
    assert len(RESERVED) >= 10


def test_the_page_about_planting_names_them_all() -> None:
    page = (Path(__file__).parents[3] / "docs" / "planting.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in locales.names())


@pytest.mark.parametrize("name", locales.names())
def test_phones_come_from_reserved_ranges_only(name: str) -> None:
    for pattern in locales.load(name).phones:
        assert re.fullmatch(RESERVED[name], pattern), pattern


@pytest.mark.parametrize("name", locales.names())
def test_postal_codes_belong_to_no_place(name: str) -> None:
    for _, pattern in locales.load(name).regions:
        assert re.fullmatch(UNASSIGNED[name], pattern), pattern


def test_no_irish_code_is_in_the_tens_of_a_routing_key() -> None:
    assert len(set(ROUTING_KEYS)) == 139
    tens = {key[:2] for key in ROUTING_KEYS}
    assert not tens & {pattern[:2] for _, pattern in locales.load("en_IE").regions}


@pytest.mark.parametrize("name", POSTAL_LETTERS)
def test_postal_codes_have_the_countrys_letters_only(name: str) -> None:
    drawn = (people.draw(SeededRandom(number.to_bytes(32, "big")), name, 2026) for number in range(300))
    letters = {
        char for person in drawn for char in person.postcode[3 - (name != "en_IE") :] if char.isalpha()
    }
    assert letters == set(POSTAL_LETTERS[name])


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
        letter = f"[{POSTAL_LETTERS.get(name, string.ascii_uppercase)}]"
        nobodys = re.fullmatch(UNASSIGNED[name].replace("#", r"\d").replace(r"\?", letter), person.postcode)
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
def test_of_a_million_nobody_is_somebody(name: str) -> None:
    assert broken_rules(name, 1_000_000 // len(locales.names())) == []
