"""What stands within words is taken away: from all of a short text, around each place of a long one."""

from __future__ import annotations

import random
import re

import pytest

from canaries.decoders import USUAL, DecodingBudget, unwrap
from canaries.decoders._mending import AROUND, legible, mended

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


def test_of_a_long_result_that_is_no_text_what_is_text_is_given() -> None:
    noise = random.Random(1).randbytes(5000)
    assert legible(noise[:4096]) == noise[:4096]
    assert legible("é".encode() * 5000) == "é".encode() * 5000
    given = legible(noise + b"\xffone line of text\xff" + noise).split(b"\n")
    assert b"one line of text" in given
    assert sum(map(len, given)) < 200


def test_noise_with_marks_of_all_sorts_does_not_come_out_as_noise_and_what_is_hidden_in_it_does() -> None:
    noise = random.Random(1).randbytes(200_000)
    hidden = (
        b"\xff" + b"".join(bytes([0xC0 | code >> 6, 0x80 | code & 0x3F]) for code in b"Zk39aXQ7vT2mLw8RtYb4")
        + b"\xff" + b"\x1b[31mQw83\x1b[0mpLs92xVn47dKe16\xff"
    )  # fmt: skip
    data = noise + hidden + noise
    layers = [layer.data for layer in unwrap(data, DecodingBudget(USUAL, len(data)))][1:]
    assert sum(map(len, layers)) < len(data) // 20
    for token in (b"Zk39aXQ7vT2mLw8RtYb4", b"Qw83pLs92xVn47dKe16"):
        assert any(token in layer for layer in layers)
