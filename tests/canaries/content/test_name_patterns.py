"""Patterns of mailboxes: read off one name, written with another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.content.name_patterns import FORM, bits, pattern_of, written
from canaries.crypto.seeded_random import SeededRandom

STREAM = SeededRandom(bytes(32))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("ann.lee", "{first}.{last}"),
        ("annlee", "{first}{last}"),
        ("Ann_Lee82", "{first}_{last}##"),
        ("ann.lee1982", "{first}.{last}%%%%"),
        ("alee", "{f}{last}"),
        ("a.lee7", "{f}.{last}#"),
        ("annl", "{first}{l}"),
        ("lee.ann", "{last}.{first}"),
        ("sunny17", "~~~~~##"),
        ("art-lover", "~~~-~~~~~"),
        ("x!y", "~_~"),
    ],
)
def test_reading(text: str, pattern: str) -> None:
    assert pattern_of(text, "ann", "lee") == pattern


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        ("{first}.{last}", r"mara\.okonjo"),
        ("{f}{last}##", r"mokonjo\d\d"),
        ("{first}{l}", "marao"),
        ("{last}%%%%", r"okonjo(19[5-9]\d|200[0-5])"),
        ("~~~~_#", r"[a-z]{4}_\d"),
    ],
)
def test_writing(pattern: str, form: str) -> None:
    assert re.fullmatch(form, written(pattern, "mara", "okonjo", STREAM, "x"))
    assert written(pattern, "mara", "okonjo", STREAM, "x") == written(pattern, "mara", "okonjo", STREAM, "x")


@given(st.text(max_size=40), st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_any_text_has_a_pattern_of_the_allowed_form(text: str, first: str, last: str) -> None:
    pattern = pattern_of(text, first, last)
    assert not pattern or FORM.match(pattern)
    written(pattern, "mara", "okonjo", STREAM, "x")


def test_what_a_guesser_lacks() -> None:
    assert bits("{first}.{last}##", 1024) == pytest.approx(26.64, abs=0.01)
    assert bits("{first}", 1024) == 10
    assert bits(".", 1024) == 0
