"""Dhall: comments, since a record of another type is an error."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_nothing_but_a_comment_goes_in() -> None:
    after = text_after("a.dhall", '{ host = "h"\n, apiKey = "x"\n}\n', "stripe-key")
    made = [line for line in after.splitlines() if "traps.example.net" in line or "_live_" in line]
    assert len(made) == 3
    assert all(line.startswith("-- , ") for line in made)


def test_texts_of_several_lines_are_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("a.dhall", "''\n  -- no comment\n''\n", "stripe-key")
