"""Headers: definitions."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_a_definition_more_stands_before_the_end_of_the_guard() -> None:
    after = text_after("a.h", '#ifndef A_H\n#define A_H\n#define API_KEY "x"\n#endif\n', "stripe-key")
    assert after.endswith("#endif\n")
    assert after.count("#define ") == 5
