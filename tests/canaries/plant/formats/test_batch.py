"""Batch files: variables."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_quotes_around_the_whole_are_taken_over() -> None:
    after = text_after("a.bat", 'set "API_KEY=x"\n', "stripe-key")
    assert after.count('set "') == after.count('"\n') == 4


def test_brackets_are_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.bat", "if exist a (\n  set API_KEY=x\n)\n", "stripe-key")
