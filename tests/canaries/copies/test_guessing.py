"""No address is worth more than its most probable value."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import pytest

from canaries.content import locales, name_patterns
from canaries.content.people import ascii_letters, draw
from canaries.copies.guessing import DRAWN, enough, mailbox_bits, row_bits, shared_bits
from canaries.crypto.seeded_random import SeededRandom
from canaries.installation.home import Home
from canaries.mint.minting import mint
from tests import steady


@pytest.mark.parametrize("locale", ["en_US", "es_MX"])
def test_nobody_is_drawn_more_often_than_the_bits_allow(locale: str) -> None:
    """Of 400 people the most frequent mailbox is no more frequent than the bound, but for the luck of the draw."""
    streams = [SeededRandom(steady.key(f"{locale} {number}")) for number in range(400)]
    people = [draw(stream, locale, 2026) for stream in streams]
    names = [(ascii_letters(one.first), ascii_letters(one.last.split()[0])) for one in people]
    for pattern in ("{first}", "{l}", "{f}{last}"):
        found = Counter(name_patterns.written(pattern, *one, streams[0], "mailbox") for one in names)
        most = 2 ** -mailbox_bits(pattern, locale)
        assert found.most_common(1)[0][1] <= 400 * most + 4 * math.sqrt(400 * most) + 2


def test_digits_years_and_words_add_what_they_are_worth() -> None:
    bare = mailbox_bits("{first}", "en_US")
    assert mailbox_bits("{first}##", "en_US") == pytest.approx(bare + math.log2(100))
    assert mailbox_bits("{first}%%%%", "en_US") == pytest.approx(bare + math.log2(48))
    assert mailbox_bits("~~~", "en_US") == pytest.approx(1 + 2 * math.log2(5) + math.log2(17))
    assert mailbox_bits("{first}{f}", "en_US") == pytest.approx(bare)  # the initial follows from the name
    long = enough("{first}", "en_US", 18)
    assert mailbox_bits(long, "en_US") >= 18 > mailbox_bits(long[:-1], "en_US")


def test_what_was_found_decides_what_a_row_is_worth(home: Home) -> None:
    tagged, guessable = (
        next(mint(home, "user", options=options)).canary for options in ({}, {"mailbox": "{first}.{last}##"})
    )
    assert row_bits(tagged, {"email"}) == row_bits(guessable, {"password"}) == DRAWN
    assert row_bits(guessable, {"email"}) == mailbox_bits("{first}.{last}##", "en_US")
    assert 0 < row_bits(guessable, {"name", "phone"}) < DRAWN
    assert row_bits(guessable, {"name"}) == row_bits(guessable, {"phone"}) == row_bits(guessable, set()) == 0


SHARED = ("name", "phone", "street", "birth_date", "user_name")


@pytest.mark.parametrize("locale", locales.names())
def test_two_people_agree_no_more_often_than_the_bits_allow(locale: str) -> None:
    """Of all pairs of 600 people of a country, but for the luck of the draw."""
    people = [
        draw(SeededRandom(steady.key(f"{locale} pair {number}")), locale, 2026) for number in range(600)
    ]
    pairs = len(people) * (len(people) - 1) / 2
    said = [
        {
            "name": f"{one.first} {one.last}",
            "phone": one.phone,
            "street": one.street,
            "birth_date": one.birth_date,
            "user_name": one.user_name,
        }
        for one in people
    ]
    for size in (1, 2, 3):
        for facets in combinations(SHARED, size):
            counted = Counter(tuple(one[facet] for facet in facets) for one in said)
            alike = sum(times * (times - 1) // 2 for times in counted.values())
            most = pairs * 2 ** -shared_bits({"locale": locale}, "", facets)
            assert alike <= most + 4 * math.sqrt(most) + 1, facets


def test_what_follows_from_something_else_adds_nothing() -> None:
    row, pattern = {"locale": "en_US"}, "{first}.{last}##"
    name, user = (shared_bits(row, pattern, {facet}) for facet in ("name", "user_name"))
    assert shared_bits(row, pattern, {"name", "user_name", "mailbox"}) == max(name, user)
    assert shared_bits(row, pattern, {"name", "city"}) == name
    assert shared_bits(row, "", {"mailbox"}) == DRAWN
    assert shared_bits({}, "", {"name", "phone"}) == 0.0
