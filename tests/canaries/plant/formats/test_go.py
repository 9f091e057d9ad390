"""Go: constants that gofmt leaves as they are."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_they_are_a_group_of_their_own() -> None:
    old = 'package a\n\nconst (\n\tURL    = "y"\n\tAPIKey = "x"\n)\n'
    after = text_after("a.go", old, "stripe-key")
    assert '\tURL    = "y"\n\tAPIKey = "x"\n\n\t' in after
    assert len({line.index("=") for line in after.splitlines() if "Stripe" in line}) == 1


def test_a_single_constant_gets_single_ones_beside_it() -> None:
    assert text_after("a.go", 'package a\n\nconst apiKey = "x"\n', "stripe-key").count("\nconst ") == 4
