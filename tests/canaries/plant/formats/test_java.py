"""Java: constants of classes and interfaces."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_modifiers_of_the_neighbour_are_taken_over() -> None:
    after = text_after("A.java", 'interface A {\n    static final String KEY = "x";\n}\n', "stripe-key")
    assert after.count("    static final String ") == 4


def test_a_text_block_is_refused() -> None:
    with pytest.raises(PlantError, match="another kind"):
        text_after("A.java", 'class A {\n  public static final String K = """\n  x""";\n}\n', "stripe-key")
