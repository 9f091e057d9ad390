"""Request files: variables before the first request."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_spelling_of_the_neighbour_is_taken_over() -> None:
    after = text_after(
        "a.http", "@base_url=https://a.example\n@api_key=x\n\nGET {{base_url}}\n", "stripe-key"
    )
    assert "_stripe_secret_key=sk_live_" in after


def test_a_body_is_no_place() -> None:
    after = text_after("a.http", "POST https://a.example/\n\n@apiKey = x\n", "stripe-key")
    assert after.endswith("\n\nPOST https://a.example/\n\n@apiKey = x\n")


def test_what_has_no_request_is_refused() -> None:
    with pytest.raises(PlantError, match="no request"):
        text_after("a.rest", "words\n", "stripe-key")


def test_a_heading_above_the_variables_is_none_of_a_request() -> None:
    old = "### Variables\n@token = x\n### Get\nGET https://a.example\n"
    assert text_after("a.http", old, "github-token").startswith("### Variables\n@token = x\n@")
