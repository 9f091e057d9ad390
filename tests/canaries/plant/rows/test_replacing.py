"""One person's marks in place of another's."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canaries.plant.rows.replacing import Replacing, looks_drawn, redrawn

DONOR = {
    "first_name": "Ann",
    "last_name": "Lee",
    "name": "Ann Lee",
    "email": "a.lee7@x.example",
    "city": "Ulm",
}
PERSON = {
    "first_name": "Mara",
    "last_name": "Okonjo",
    "name": "Mara Okonjo",
    "email": "mk@own.example",
    "city": "Fox",
}
REPLACE = Replacing(DONOR, PERSON)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann Lee", "Mara Okonjo"),
        ("LEE, Ann", "OKONJO, Mara"),
        ("ann-lee", "mara-okonjo"),
        ("A.LEE7@X.EXAMPLE", "MK@OWN.EXAMPLE"),
        ("@a.lee7", "@mk"),
        ("'ann':1 'lee':2", "'mara':1 'okonjo':2"),
        ("Hannah Leeds", "Hannah Leeds"),
        ("Planner", "Planner"),
        ("", ""),
    ],
)
def test_marks(value: str, expected: str) -> None:
    assert REPLACE(value) == expected


def test_documents() -> None:
    document = {
        "greeting": "Hi Ann",
        "n": 3,
        "tags": ["lee"],
        "key": "9f86d081884c7d65",
        "theme": "dark",
        "x": None,
    }
    fresh = REPLACE.within(document, random.Random(1))
    assert fresh["greeting"] == "Hi Mara"
    assert (fresh["n"], fresh["tags"], fresh["theme"], fresh["x"]) == (3, ["okonjo"], "dark", None)
    assert re.fullmatch(r"[0-9a-f]{16}", fresh["key"])
    assert fresh["key"] != document["key"]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("9f86d081884c7d65", r"[0-9a-f]{16}"),
        ("ghp_A1b2C3d4E5f6", r"[0-9A-Za-z]{3}_[0-9A-Za-z]{12}"),
        ("123-456", r"\d{3}-\d{3}"),
        ("QWERTZ", "[A-Z]{6}"),
    ],
)
def test_shapes(value: str, form: str) -> None:
    assert re.fullmatch(form, redrawn(value, random.Random(2)))


def test_what_all_neighbours_begin_with_stays() -> None:
    assert redrawn("ghp_A1b2C3d4E5f6", random.Random(2), keep=4).startswith("ghp_")


def test_what_looks_drawn() -> None:
    assert looks_drawn(["9f86d081884c7d65", "e3b0c44298fc1c14"])
    assert not looks_drawn(["9f86d081884c7d65", "likes cats"])
    assert not looks_drawn([])


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_nothing_of_the_donor_stays(text: str) -> None:
    assert "ann lee" not in REPLACE(f"{text} Ann Lee").lower()


def test_names_are_found_as_the_persons_country_spells_them() -> None:
    donor = {"first_name": "Åsa", "last_name": "Sjöström"}
    person = {"first_name": "Börje", "last_name": "Ängström", "locale": "sv_SE"}
    replacing = Replacing(donor, person)
    assert replacing("asa-sjostrom") == "borje-angstrom"
    assert replacing("asa-sjoestroem") == "borje-angstrom"
    assert Replacing(donor, {**person, "locale": "de_DE"})("asa-sjoestroem") == "boerje-aengstroem"
