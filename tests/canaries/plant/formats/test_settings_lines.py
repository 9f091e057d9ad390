"""Lines that set a text: written once more as their neighbour is."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_another_line_is_aligned_where_its_neighbours_are() -> None:
    after = text_after("a.psd1", "@{\n    A      = 'x'\n    ApiKey = 'y'\n}\n", "stripe-key")
    lines = [line for line in after.splitlines() if "Stripe" in line]
    assert len(lines) == 3
    assert len({line.index("=") for line in lines}) == 1


def test_where_the_neighbours_are_not_aligned_it_is_not_either() -> None:
    after = text_after("a.psd1", "@{\n  A = 'x'\n  ApiKey = 'y'\n}\n", "stripe-key")
    assert len({line.index("=") for line in after.splitlines() if "Stripe" in line}) > 1


def test_a_neighbours_comment_stays_with_it() -> None:
    after = text_after("a.fish", "set -gx API_KEY x # of the team\n", "stripe-key")
    assert after.count("of the team") == 1


def test_the_last_of_a_list_without_a_comma_stays_the_last() -> None:
    after = text_after("a.lua", 'return {\n  api_key = "x"\n}\n', "stripe-key")
    assert after.endswith('  api_key = "x"\n}\n')
    assert after.count('",\n') == 3


def test_what_stands_in_a_text_of_several_lines_is_no_neighbour() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.lua", "local x = '\\\nAPI_KEY = \"x\"\n'\n", "stripe-key")
