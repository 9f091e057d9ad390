"""Insomnia: variables of an environment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

OLD: dict[str, Any] = {
    "__export_format": 4,
    "resources": [
        {
            "_type": "request",
            "authentication": {"username": "u", "password": "x"},
            "url": "https://a.example",
        },
        {"_type": "environment", "data": {"base_url": "https://a.example", "token": "x"}},
    ],
}


def test_a_variable_more_stands_in_the_environment() -> None:
    after = json.loads(text_after("insomnia.json", json.dumps(OLD, indent=2), "stripe-key"))
    data = after["resources"][1]["data"]
    assert list(data)[:2] == ["base_url", "token"]
    assert len(data) == 5
    assert after["resources"][0] == OLD["resources"][0]


def test_an_export_without_environments_has_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("insomnia.json", '{"__export_format": 4, "resources": []}', "stripe-key")
