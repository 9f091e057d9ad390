"""Scala: values of objects."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_a_value_more_stands_in_its_object() -> None:
    after = text_after("A.scala", 'object A {\n  val ApiKey: String = "x"\n}\n', "stripe-key")
    assert after.count("  val ") == after.count(": String = ") == 4
