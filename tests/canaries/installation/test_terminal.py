"""Lines for people: within the terminal's width, nothing lost, what is copied in one piece; elsewhere as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.installation.terminal import cells, cut, folded


@given(st.text("ab \u4e00\u0301", max_size=300), st.integers(1, 120), st.integers(0, 30))
def test_folding_loses_no_word_and_cuts_none(text: str, columns: int, indent: int) -> None:
    said = folded(text, columns, indent)
    assert said.split() == text.split()
    assert all(cells(line) <= columns or len(line.split()) <= 1 for line in said.split("\n"))


@given(st.text("ab \u4e00\u0301", max_size=300), st.integers(1, 120))
def test_what_is_cut_fits_and_says_so(text: str, columns: int) -> None:
    line = cut(text, columns)
    assert cells(line) <= columns
    assert line == text or line.endswith("…")


def test_what_is_no_terminal_gets_the_line_as_it_is() -> None:
    long = "word " * 100
    assert folded(long, None, 4) == cut(long, None) == long


def test_lines_behind_the_first_are_indented() -> None:
    assert folded("a: bbbbbbbbbb cccccccccc dddddddddd", 30, 3) == "a: bbbbbbbbbb cccccccccc\n   dddddddddd"
    assert folded("x\na: bbbbbbbbbb cccccccccc dddddddddd", 30, 3).count("\n") == 2


@pytest.mark.parametrize(
    "command", ["trapline placements --canary 0123456789abcdef", "trapline dossier verify"]
)
def test_a_command_stands_on_one_line(command: str) -> None:
    said = folded(f"the canary is retired now. Where its bait is: {command}, and more of it", 60, 2)
    assert command in said
    assert all(len(line) <= 60 for line in said.splitlines())


def test_a_command_longer_than_a_line_comes_as_words() -> None:
    said = folded("see: trapline aa bb cc dd ee ff gg hh ii jj", 24, 2)
    assert all(len(line) <= 24 for line in said.splitlines())
    assert said.split() == "see: trapline aa bb cc dd ee ff gg hh ii jj".split()
