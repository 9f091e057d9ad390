"""Rust: public constants."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_constant_that_nobody_could_use_is_no_neighbour() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.rs", 'const API_KEY: &str = "x";\n', "stripe-key")


def test_a_lifetime_opens_no_text() -> None:
    after = text_after(
        "a.rs", "fn f<'a>(x: &'a str) {}\npub const API_KEY: &'static str = \"x\";\n", "stripe-key"
    )
    assert after.count("pub const ") == after.count("&'static str = ") == 4
