"""Makefiles: variables outside of recipes."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_another_variable_is_set_as_its_neighbour_is() -> None:
    assert "_STRIPE_SECRET_KEY ?= sk_live_" in text_after("Makefile", "API_TOKEN ?= x\n", "stripe-key")


def test_where_every_variable_is_exported_nothing_goes_in() -> None:
    for line in ("export\n", ".EXPORT_ALL_VARIABLES:\n"):
        with pytest.raises(PlantError, match="every program"):
            text_after("Makefile", f"API_TOKEN = x\n{line}", "stripe-key")


def test_neither_a_recipe_nor_a_condition_is_a_place() -> None:
    old = "all:\n\tAPI_TOKEN=x true\nifdef A\nAPI_TOKEN = x\nendif\n"
    after = text_after("Makefile", old, "stripe-key")
    assert [line for line in after.splitlines() if "STRIPE" in line and not line.startswith("#")] == []
