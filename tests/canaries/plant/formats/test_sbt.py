"""sbt: logins by host."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

LINE = 'credentials += Credentials("Realm", "art.example.org", "deploy", "x")\n'


def test_a_login_for_another_host_comes_after_the_last() -> None:
    after = text_after("build.sbt", f'{LINE}\nscalaVersion := "3.3.1"\n', "netrc")
    made = after.splitlines()[1]
    assert made.startswith('credentials += Credentials("Realm", "')
    assert made.count('"') == 8
    assert "art.example.org" not in made


def test_what_is_no_login_has_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("build.sbt", LINE, "stripe-key")


def test_texts_of_several_lines_are_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("build.sbt", f'{LINE}val a = """x"""\n', "netrc")
