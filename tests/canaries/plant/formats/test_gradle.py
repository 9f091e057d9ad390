"""Gradle: extra properties and variables, and nothing that Gradle acts upon."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

EXTRA = "ext {\n    apiKey = 'x'\n}\n"
SERVER = "repositories {\n    maven {\n        password = 'x'\n    }\n}\n"


def test_a_property_more_stands_among_the_extra_ones() -> None:
    after = text_after("build.gradle", EXTRA, "stripe-key")
    assert after.startswith("ext {\n    apiKey = 'x'\n    ")
    assert after.endswith("'\n}\n")
    assert after.count(" = 'sk_live_") == 1


def test_a_block_that_gradle_acts_upon_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("build.gradle", SERVER, "stripe-key")


def test_kotlin_has_values_and_its_own_extra_properties() -> None:
    assert "\nval " in text_after("build.gradle.kts", 'val apiKey = "x"\n', "stripe-key")
    assert after_extra('val apiKey by extra("x")').count('" by extra("') == 0
    assert after_extra('val apiKey by extra("x")').count(' by extra("') == 4
    assert after_extra('extra["apiKey"] = "x"').count('extra["') == 4


def after_extra(line: str) -> str:
    return text_after("build.gradle.kts", f"{line}\n", "stripe-key")


def test_what_may_be_a_pattern_or_a_text_of_several_lines_is_refused() -> None:
    for line in ("def a = ~/it's/", "if (a =~ /'/) { }", "def b = '''", 'def c = """x"""'):
        with pytest.raises(PlantError, match="as it stands"):
            text_after("build.gradle", f"{EXTRA}{line}\n", "stripe-key")
