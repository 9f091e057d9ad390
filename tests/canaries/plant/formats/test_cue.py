"""CUE: fields of the outermost level."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_values_that_are_aligned_stay_so() -> None:
    after = text_after("a.cue", 'apiKey:       "x"\nveryLongName: "x"\n', "url")
    made = next(line for line in after.splitlines() if "traps.example.net" in line)
    assert made.index('"') == max(14, made.index(":") + 2)


def test_a_definition_takes_no_field_but_a_comment() -> None:
    after = text_after("a.cue", '#Config: {\n\tapiKey: "x"\n}\n', "stripe-key")
    made = [line for line in after.splitlines() if "sk_live_" in line]
    assert made[0].lstrip().startswith("// ")


def test_texts_of_several_lines_are_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("a.cue", 'a: """\n\tx\n\t"""\n', "stripe-key")
