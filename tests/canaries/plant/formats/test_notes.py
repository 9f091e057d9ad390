"""Notes: lines more, as the file lists things."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_list_gets_items() -> None:
    assert "\n- Stripe secret key: sk_live_" in text_after("notes.md", "- a\n- b\n", "stripe-key")


def test_fenced_text_gets_a_fence() -> None:
    after = text_after("README.md", "# A\n\n```\nx\n```\n", "postgres-url")
    assert after.count("```") == 4


def test_an_open_fence_is_not_written_into() -> None:
    with pytest.raises(PlantError, match="fenced"):
        text_after("README.md", "```\nx\n", "postgres-url")


def test_plain_text_gets_the_snippet() -> None:
    assert text_after("todo.txt", "call Jo", "url").startswith("call Jo\nhttps://")
