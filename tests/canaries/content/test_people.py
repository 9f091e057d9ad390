"""Phony people: repeatable, believable, nobody."""

from __future__ import annotations

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


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(MintError, match="xx_XX"):
        people.draw(stream(1), "xx_XX", 2026)
