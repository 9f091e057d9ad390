"""Nushell: environment variables of the outermost level."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_variable_more_stands_beside_its_like() -> None:
    after = text_after("env.nu", "$env.A = 'x'\n$env.API_KEY = 'x'\n$env.B = 'x'\n", "stripe-key")
    assert after.index("sk_live_") < after.index("$env.B")


def test_one_within_a_command_is_no_neighbour() -> None:
    after = text_after("env.nu", "def go [] {\n  $env.API_KEY = 'x'\n}\n", "stripe-key")
    assert after.splitlines()[-1].startswith("$env.")


def test_a_module_of_commands_is_no_place() -> None:
    after = text_after("git.nu", "export def go [] { ls }\n", "stripe-key")
    assert "\n# $env." in after
    assert "\n$env." not in after


def test_raw_texts_are_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("env.nu", "let a = r#'it'#\n", "stripe-key")
