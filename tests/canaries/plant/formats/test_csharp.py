"""C#: constants of classes."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_private_constant_is_no_neighbour() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("A.cs", 'class A\n{\n    private const string ApiKey = "x";\n}\n', "stripe-key")


def test_a_brace_of_its_own_line_belongs_to_the_line_above() -> None:
    after = text_after("A.cs", 'public class A\n{\n    public const string ApiKey = "x";\n}\n', "stripe-key")
    assert after.count("    public const string ") == 4
