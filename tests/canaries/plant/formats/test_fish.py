"""fish: variables with the flags of their neighbours."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_flags_of_the_neighbour_are_taken_over() -> None:
    assert "\nset -x " in text_after("a.fish", "set -x API_KEY x\n", "stripe-key")
    assert "\nset --global --export " in text_after(
        "a.fish", "set --global --export API_KEY x\n", "stripe-key"
    )


def test_a_block_is_no_place() -> None:
    old = "if true\nset -gx API_KEY x\nend\n"
    assert text_after("a.fish", old, "stripe-key").startswith(old)


def test_a_block_that_is_left_open_is_refused() -> None:
    with pytest.raises(PlantError, match="left open"):
        text_after("a.fish", "function f\n", "stripe-key")


def test_a_dollar_is_no_variable() -> None:
    after = text_after("config.fish", 'set -gx API_KEY "x"\n', "stripe-key")
    assert '_STRIPE_SECRET_KEY "sk_live_' in after
