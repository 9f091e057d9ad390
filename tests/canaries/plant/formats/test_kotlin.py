"""Kotlin: constants of files and objects."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_constant_more_stands_in_its_object() -> None:
    after = text_after("A.kt", 'object A {\n    const val API_KEY = "x"\n}\n', "stripe-key")
    assert after.count("    const val ") == 4
    assert after.endswith('"\n}\n')


def test_a_class_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("A.kt", 'class A(val a: Int) {\n    val apiKey = "x"\n}\n', "stripe-key")
