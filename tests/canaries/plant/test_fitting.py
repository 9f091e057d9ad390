"""After whom a person is minted."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from canaries.core.settings import BaitSettings
from canaries.plant.fitting import Fit, fit, locale_of

SETTINGS = BaitSettings("https://{label}.own.example", "own.example", ("more.example", "third.example"))


def fitted(folder: Path, *people: tuple[str, str, str, str], settings: BaitSettings = SETTINGS) -> Fit:
    connection = sqlite3.connect(folder / "a.db")
    connection.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, login TEXT, email TEXT, locale TEXT)"
    )
    connection.executemany("INSERT INTO t (name, login, email, locale) VALUES (?, ?, ?, ?)", people)
    connection.commit()
    connection.close()
    return fit(f"sqlite:///{folder}/a.db?table=t", "", settings, random.Random(1))


def test_mailbox_user_name_country_and_the_rarest_domain(tmp_path: Path) -> None:
    found = fitted(
        tmp_path,
        ("Ann Lee", "alee77", "ann.lee@own.example", "de"),
        ("Ann Lee", "alee77", "ann.lee@more.example", "de"),
    )
    assert found.options == {
        "locale": "de_DE",
        "mailbox": "{first}.{last}",
        "login": "{f}{last}##",
        "domain": "third.example",
    }
    assert set(found.like) == {"id"}


def test_a_user_name_that_is_the_mailbox_is_no_pattern_of_its_own(tmp_path: Path) -> None:
    assert "login" not in fitted(tmp_path, ("Ann Lee", "ann.lee", "ann.lee@x.example", "")).options


def test_names_that_no_column_tells_are_known_ones(tmp_path: Path) -> None:
    assert (
        fitted(tmp_path, ("", "", "jennifer.smith82@x.example", "")).options["mailbox"] == "{first}.{last}##"
    )


def test_a_mailbox_that_every_spammer_tries_gets_digits(tmp_path: Path) -> None:
    assert fitted(tmp_path, ("Ann Lee", "", "ann@x.example", "")).options["mailbox"] == "{first}##"


@pytest.mark.parametrize(
    ("written", "locale"),
    [
        ("fr", "fr_FR"),
        ("fr-CA", "fr_CA"),
        ("sv", "sv_SE"),
        ("en-GB", "en_GB"),
        ("en", "en_US"),
        ("", "en_US"),
        ("English", "en_US"),
    ],
)
def test_locales(tmp_path: Path, written: str, locale: str) -> None:
    assert fitted(tmp_path, ("Ann Lee", "", "ann.lee@x.example", written)).options["locale"] == locale


@pytest.mark.parametrize(
    ("marks", "locale"),
    [
        ({"phone": "+46 70 123 45 67"}, "sv_SE"),
        ({"phone": "00353 1 234 5678"}, "en_IE"),
        ({"phone": "+353 1 234 5678", "locale": "en"}, "en_IE"),
        (
            {"phone": "+46 70 123 45 67", "locale": "en_GB"},
            "en_GB",
        ),  # said, and by nobody else's number undone
        ({"phone": "+1 416 234 5678"}, "de_DE"),  # of two countries here
        ({"phone": "070-123 45 67"}, "de_DE"),
        ({"phone": "+7 495 123 45 67"}, "de_DE"),
        ({"country": "CA", "phone": "+1 416 234 5678"}, "en_CA"),
        ({"country": "CA", "locale": "fr"}, "fr_CA"),
        ({"country": "IT", "phone": "+46 70 123 45 67"}, ""),
    ],
)
def test_a_number_tells_the_country_where_nothing_else_does(marks: dict[str, str], locale: str) -> None:
    assert locale_of(marks, "de_DE") == locale


def test_swedes_are_known_by_the_names_they_go_by(tmp_path: Path) -> None:
    found = fitted(tmp_path, ("Åsa Sjöström", "asasjostrom", "asa.sjostrom7@x.example", "sv"))
    assert found.options["mailbox"] == "{first}.{last}#"
    assert found.options["login"] == "{first}{last}"


def test_neighbours_of_unknown_countries_are_passed_over(tmp_path: Path) -> None:
    assert fitted(tmp_path, ("Ann Lee", "", "ann.lee@x.example", "ja"), ("A B", "", "", "en")) == Fit({}, {})


def test_without_a_domain_of_ones_own_none_is_given(tmp_path: Path) -> None:
    options = fitted(tmp_path, ("Ann Lee", "", "ann.lee@x.example", ""), settings=BaitSettings()).options
    assert "domain" not in options


@pytest.mark.parametrize(
    ("marks", "locale"),
    [
        ({"first_name": "Jürgen", "last_name": "Schäfer"}, "de_DE"),
        ({"name": "Françoise Lefebvre"}, "fr_FR"),
        ({"first_name": "James", "last_name": "Smith"}, "en_US"),
        ({"first_name": "Qqqq", "last_name": "Xxxx"}, "en_US"),
        ({"name": ""}, "en_US"),
        ({"first_name": "Jürgen", "last_name": "Schäfer", "locale": "fr"}, "fr_FR"),
    ],
)
def test_where_no_column_says_it_names_say_of_which_country_people_are(
    marks: dict[str, str], locale: str
) -> None:
    assert locale_of(marks, "en_US") == locale
