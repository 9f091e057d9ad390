"""Addresses of bait without a catch domain: many forms, each with an id that nobody guesses, none like 0.1's."""

from __future__ import annotations

import re

import pytest

from canaries.crypto.seeded_random import SeededRandom
from canaries.protocols.site_paths import SitePath, site_path

KEYS = [bytes([number]) * 32 for number in range(200)]
FORMS = sorted({site_path(key) for key in KEYS}, key=str)
OF_0_1 = re.compile(r"/[a-z][a-z0-9]{19,25}(?=/|\Z)")
"""The one expression that found every bait of release 0.1."""


def drawn(form: SitePath, number: int = 0) -> str:
    return form.written(form.raw_id(SeededRandom(number.to_bytes(32, "big")), "id")[0])


def test_installations_differ_in_words_and_ids() -> None:
    assert len(FORMS) > 40
    assert {form.form for form in FORMS} == {"hex", "uuid", "base62"}
    assert site_path(KEYS[0]) == site_path(KEYS[0])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{'/'.join(form.words)} {form.form}")
def test_the_front_takes_off_what_was_minted_and_no_more(form: SitePath) -> None:
    place = form.place("openai", drawn(form))
    pattern = form.pattern()
    for path in (place, f"{place}/", f"{place}/v1/models"):
        found = pattern.match(path)
        assert found
        assert found[0] == place
    for path in ("/v1/models", f"{place}x", place[:-1], f"/more{place}", "/" + drawn(form)[:-1]):
        assert not pattern.match(path)
    assert not OF_0_1.match(place)


@pytest.mark.parametrize("form", ["hex", "uuid", "base62"])
def test_ids_are_not_guessed(form: str) -> None:
    path = SitePath(("t",), form)
    ids = {drawn(path, number) for number in range(500)}
    assert len(ids) == 500
    free = {"hex": 32, "uuid": 30, "base62": 22}[form]
    places = zip(*(one.replace("-", "") for one in ids), strict=True)
    assert sum(len(set(place)) > 1 for place in places) >= free
    if form == "uuid":
        assert all(re.fullmatch(r"[0-9a-f-]{14}4[0-9a-f]{3}-[89ab][0-9a-f-]{16}", one) for one in ids)
