"""Bruno's environments: variables, not secrets' names."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_variable_more_stands_among_the_variables() -> None:
    after = text_after(
        "environments/a.bru", "vars {\n  host: x\n}\nvars:secret [\n  token\n]\n", "stripe-key"
    )
    assert after.endswith("\n}\nvars:secret [\n  token\n]\n")


def test_a_request_is_of_no_known_format() -> None:
    with pytest.raises(PlantError, match="not known"):
        text_after("a.bru", "get {\n  url: https://a.example\n}\n", "stripe-key")
