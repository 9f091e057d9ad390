"""JavaScript: exported constants, entries of exported settings."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_an_entry_goes_into_an_object_and_a_constant_beside_one() -> None:
    assert "StripeSecretKey: 'sk_live_" in text_after(
        "config.js", "module.exports = {\n  apiKey: 'x',\n};\n", "stripe-key"
    )
    assert text_after("keys.ts", 'export const apiKey = "x";\n', "stripe-key").count("export const ") == 4


@pytest.mark.parametrize("name", ["webpack.config.js", ".eslintrc.cjs", "jest.config.ts", "Gruntfile.js"])
def test_programs_own_settings_are_strict(name: str) -> None:
    with pytest.raises(PlantError, match="not known"):
        text_after(name, "module.exports = {\n  apiKey: 'x',\n};\n", "stripe-key")


def test_an_object_of_a_file_that_is_no_settings_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("router.js", "module.exports = {\n  apiKey: 'x',\n};\n", "stripe-key")


def test_what_is_private_to_the_file_is_no_neighbour() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("keys.js", "const apiKey = 'x';\n", "stripe-key")
