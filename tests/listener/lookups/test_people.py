"""The mapping file: who a database user is, and whose record was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import SettingsError
from listener.lookups.people import COLLEAGUE, OWN, PeopleMap, load


def test_users_actors_and_relations(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    assert load(path) == PeopleMap({})
    path.write_text('shared = ["webapp"]\n[people]\nclerk7 = "staff-7"\nanna = "staff-8"\n')
    known = load(path)
    assert [
        known.person(*one) for one in (("clerk7", "anna"), ("webapp", "anna"), ("webapp", ""), ("x", ""))
    ] == [
        "staff-7",
        "staff-8",
        "webapp",
        "x",
    ]
    assert (
        known.person("webapp", "anna", "clerk7") == "staff-7"
    )  # who a certificate names needs no word of a program
    assert known.person("clerk7", "", "visitor") == "visitor"
    assert known.relation("staff-7", ["", "staff-7", "staff-8"]) == OWN
    assert known.relation("x", ["staff-8"]) == COLLEAGUE
    assert known.relation("staff-7", ["somebody else"]) == ""
    assert known.relation("", [""]) == ""


def test_only_a_program_that_signs_in_by_itself_is_exempt(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text('exempt = ["nightly"]\n')
    known = load(path)
    assert known.is_exempt("nightly")
    assert not known.is_exempt("clerk7")
    assert not known.is_exempt("nightly", "clerk7")  # a person has borrowed its name


@pytest.mark.parametrize(
    "text",
    ["exempt = 1", "people = 1", "[people]\na = 1", "shared = 'x'", "shared = [1]", "other = 1", "\x00"],
)
def test_what_is_no_list_of_people_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"people\.toml"):
        load(path)
