"""The C shell: variables of the environment."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_block_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(".cshrc", "if (1) then\nsetenv API_KEY x\nendif\n", "stripe-key")


def test_the_neighbours_quotes_are_taken_over() -> None:
    assert "_STRIPE_SECRET_KEY 'sk_live_" in text_after("a.csh", "setenv API_KEY 'x'\n", "stripe-key")
