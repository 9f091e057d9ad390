"""What stands within words is taken away: from all of a short text, around each place of a long one."""

from __future__ import annotations

import re

import pytest

from canaries.decoders._mending import AROUND, mended

MARK = re.compile(rb"<>")


def test_a_short_text_is_given_whole_and_an_unchanged_one_not_at_all() -> None:
    assert mended(b"ab<>cd ef<>", MARK) == b"abcd ef"
    assert mended(b"ab<>cd", MARK, b"-") == b"ab-cd"
    assert mended(b"abcd", MARK) == b""
    assert mended(b"abcd" * 5000, MARK) == b""


def test_of_a_long_text_what_is_around_each_place_is_given_once() -> None:
    text = b"x" * 50_000 + b"one<>two" + b"y" * 3000 + b"three<>four" + b"z" * 50_000 + b"five<>six"
    first, second = mended(text, MARK).split(b"\n")
    assert (first.count(b"onetwo"), first.count(b"threefour"), second[-7:]) == (1, 1, b"fivesix")
    assert len(first) < 3100 + 3 * AROUND
    assert len(second) == AROUND + len(b"six")


@pytest.mark.parametrize("before", [0, 1, AROUND - 1, AROUND, AROUND + 1])
def test_of_a_long_text_the_beginning_is_given_too(before: int) -> None:
    text = b"x" * before + b"<>one<>two" + b"y" * 50_000
    assert mended(text, MARK).startswith(b"x" * min(before, AROUND) + b"onetwo" + b"y" * 9)
