"""Swift: constants of types."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_a_constant_more_stands_in_its_type() -> None:
    after = text_after("A.swift", 'enum A {\n    static let apiKey = "x"\n}\n', "stripe-key")
    assert after.count("    static let ") == 4
