"""Vim: variables of the outermost level."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats.vim import _TEXTS
from tests.canaries.plant.formats.forms import text_after


def test_a_variable_more_stands_beside_its_like() -> None:
    after = text_after(".vimrc", "let g:api_key = 'x'\nset number\n", "stripe-key")
    assert after.count("\nlet g:") == 3
    assert after.endswith("'\nset number\n")


def test_one_in_a_block_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(".vimrc", "if has('gui')\n  let g:api_key = 'x'\nlet g:b_key = 'x'\nendif\n", "stripe-key")


def test_one_that_goes_on_in_the_next_line_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(".vimrc", "let g:api_key = 'x'\n  \\ . 'y'\n", "stripe-key")


def test_a_name_that_begins_as_another_formats_does_is_vims() -> None:
    after = text_after("dockerfile.vim", "let g:api_key = 'x'\n", "stripe-key")
    assert after.count("let g:") == 4


def test_vim9_has_no_let() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.vim", "vim9script\nlet g:api_key = 'x'\n", "stripe-key")


def test_a_block_that_is_left_open_and_texts_of_several_lines_are_refused() -> None:
    for text in ("if 1\n", "let g:a =<< trim END\n  x\nEND\n"):
        with pytest.raises(PlantError, match="as it stands"):
            text_after(".vimrc", text, "stripe-key")


def test_what_is_sought_in_a_line_does_not_begin_in_the_empty_ones_above() -> None:
    """From every line of a long gap it would be sought through the whole gap."""
    for command in ("append", "  i!", "change"):
        found = _TEXTS.search(f"\n\n\n{command}\n\n\n")
        assert found
        assert found.group() == command
