"""Phony people: repeatable, believable, nobody."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import Counter

import pytest

from canaries.content import locales, people
from canaries.core.errors import MintError
from canaries.crypto.seeded_random import SeededRandom


def stream(number: int) -> SeededRandom:
    return SeededRandom(number.to_bytes(32, "big"))


def some(locale: str, count: int = 300) -> list[people.Person]:
    return [people.draw(stream(number), locale, 2026) for number in range(count)]


@pytest.mark.parametrize("locale", locales.names())
def test_the_same_stream_gives_the_same_person(locale: str) -> None:
    assert people.draw(stream(1), locale, 2026) == people.draw(stream(1), locale, 2026)
    assert people.draw(stream(1), locale, 2026) != people.draw(stream(2), locale, 2026)


@pytest.mark.parametrize(
    ("locale", "digest"),
    [
        ("de_DE", "9a0613713629d5d0300266671550e76832e770b82da38f5b7453da6c3db2b4b5"),
        ("en_AU", "7fcd2172c6553f334d868f717e1748426c2c4468bcc6061f8d2ff1065ace2b75"),
        ("en_GB", "33b2f690496684bc547f0ebc31cad83c1b11e30b385bd9a371e3fc6016460bc6"),
        ("en_US", "3ea0a18f15d6005cf6beee6ff7373e2a256aafc926dcd5518e243ada512dd9bd"),
        ("es_MX", "77dcc9880391b6ad2b71878f7736a71fdf59831be1a22d9919453854ecacb73f"),
        ("fr_FR", "335ba0360d399586cf882356bda283301df7aa3e59bfc827fc9efb7da503cee1"),
    ],
)
def test_people_are_the_same_in_every_version(locale: str, digest: str) -> None:
    """Bait is minted again from its seed: 200 people and their mailboxes, as the first version with each locale
    draws them."""
    drawn = []
    for number, person in enumerate(some(locale, 200)):
        said = dataclasses.asdict(person)
        del said["locale"]
        drawn.append([*said.values(), people.mailbox(stream(number), person, 20)])
    assert hashlib.sha256(json.dumps(drawn, ensure_ascii=False).encode()).hexdigest() == digest


@pytest.mark.parametrize("locale", locales.names())
def test_every_pattern_is_filled(locale: str) -> None:
    for person in some(locale):
        for value in (person.phone, person.postcode, person.street):
            assert not set(value) & set("#?{}"), value
        assert re.fullmatch(r"(19|20)\d\d-[01]\d-[0-2]\d", person.birth_date)
        assert 2026 - 79 <= int(person.birth_date[:4]) <= 2026 - 20


@pytest.mark.parametrize("locale", locales.names())
def test_people_differ(locale: str) -> None:
    drawn = some(locale)
    assert len({(person.first, person.last) for person in drawn}) > 250
    assert len({(person.street, person.city) for person in drawn}) > 295
    assert len({person.user_name for person in drawn}) > 298


def test_frequent_names_are_frequent() -> None:
    """Of the English list, ordered by frequency: Smith is about forty times as frequent as the thousandth name."""
    names = Counter(person.last for person in some("en_US", 3000))
    assert names["Smith"] > 20
    assert len(names) > 500


def test_mexicans_have_two_surnames() -> None:
    assert all(len(person.last.split()) >= 2 for person in some("es_MX", 50))


@pytest.mark.parametrize("locale", locales.names())
def test_user_names_and_mailboxes_are_plain_ascii(locale: str) -> None:
    for number in range(200):
        person = people.draw(stream(number), locale, 2026)
        assert re.fullmatch(r"[a-z]+[._]?[a-z]+\d{2,4}", person.user_name), person.user_name
        mailbox = people.mailbox(stream(number), person, 26)
        assert re.fullmatch(r"([a-z]+(\.[a-z]+)?[._+-])?[a-z0-9]{26}", mailbox), mailbox
        assert len(mailbox) <= 64  # RFC 5321, 4.5.3.1.1


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Jörg-Maïté", "joergmaite"), ("Strauß", "strauss"), ("O'Neil", "oneil"), ("Núñez", "nunez")],
)
def test_names_are_spelled_in_ascii(name: str, plain: str) -> None:
    assert people.ascii_letters(name) == plain


@pytest.mark.parametrize(
    ("name", "locale", "plain"),
    [
        ("Åsa-Linnéa", "sv_SE", "asalinnea"),
        ("Sjöström", "sv_SE", "sjostrom"),
        ("Sjöström", "de_DE", "sjoestroem"),
        ("O'Brien", "en_IE", "obrien"),
        ("Róisín", "en_IE", "roisin"),
        ("L'Écuyer", "fr_CA", "lecuyer"),
        ("St-Onge", "fr_CA", "stonge"),
    ],
)
def test_every_country_spells_its_letters_its_own_way(name: str, locale: str, plain: str) -> None:
    assert people.ascii_letters(name, locale) == plain


def test_swedes_go_by_their_names_without_rings_and_dots() -> None:
    people_of_sweden = some("sv_SE")
    assert any(set(person.last.lower()) & set("åäö") for person in people_of_sweden)
    for person in people_of_sweden:
        family = person.last.lower().translate(str.maketrans("åäöéü", "aaoeu"))
        assert family in person.user_name or person.user_name.startswith(family)


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(MintError, match="xx_XX"):
        people.draw(stream(1), "xx_XX", 2026)
