"""Dart: constants of files and classes."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_quotes_of_the_neighbour_are_taken_over() -> None:
    assert "StripeSecretKey = 'sk_live_" in text_after("a.dart", "const apiKey = 'x';\n", "stripe-key")


def test_a_raw_text_is_refused() -> None:
    with pytest.raises(PlantError, match="another kind"):
        text_after("a.dart", "const apiKey = r'x';\n", "stripe-key")
