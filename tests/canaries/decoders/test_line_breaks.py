"""Words that were cut at the end of a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, Found, Layer
from canaries.decoders.line_breaks import LineBreaksDecoder

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "quoted, and cut": lambda data: (
        b"> the key is\n> " + data[: len(data) // 2] + b"\n> " + data[len(data) // 2 :] + b"\n> and so on\n"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
WORDS_ONLY = {"quoted, and cut"}
"""Wrappings of one word."""


def test_fold_cuts_a_long_text_where_its_lines_are_longest(texts: Callable[[bytes], set[bytes]]) -> None:
    token = b"Zk39aXQ7vT2mLw8RtYb4"
    text = (
        b"A line that is not as long.\n" * 400 + (b"some words " * 6) + b"key=" + token + b" more words" * 9
    )
    folded = b"\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    cut = b"".join(
        b"%s\n" % line[at : at + 76] for line in text.split(b"\n") for at in range(0, len(line), 76)
    )
    assert token not in cut
    assert any(token in one.split(b"\n") or b"key=" + token in one.split(b"\n") for one in texts(cut)), (
        folded[:1]
    )


def test_three_narrow_lines_and_what_is_not_one_word(texts: Callable[[bytes], set[bytes]]) -> None:
    found = texts(b"it is\nZk39aXQ7\nvT2mLw8R\ntYb4 and\nnothing\n")
    assert any(b"Zk39aXQ7vT2mLw8RtYb4" in one.split(b"\n") for one in found)
    assert len(texts(b"plain words that end a line\nand others that begin one\n")) == 1


def test_a_word_without_a_figure_is_put_together_where_it_looks_drawn(
    texts: Callable[[bytes], set[bytes]],
) -> None:
    assert any(
        b"gycnncZJQxmXqVIbFmJrznLS" in text
        for text in texts(b"> key is\n> gycnncZJQxmX\n> qVIbFmJrznLS\n> so\n")
    )


@pytest.mark.parametrize("separate", [False, True])
def test_strings_of_a_list_are_never_joined(separate: bool) -> None:
    layer = Layer(b"Zk39aXQ7\nvT2mLw8RtYb4\n", separate=separate)
    found = Found(layer, DecodingBudget(USUAL, len(layer.data)))
    LineBreaksDecoder().decode(layer, found)
    assert [one.data for one in found.layers] == ([] if separate else [b"Zk39aXQ7vT2mLw8RtYb4"])


def test_in_a_long_text_lines_that_are_quoted_are_a_text_of_their_own(
    texts: Callable[[bytes], set[bytes]],
) -> None:
    before, after = (
        b"A line that is longer than those that follow.\n" * 400,
        b"> it is quoted at length\n" * 400,
    )
    said = b"> the key is\n> Zk39aXQ7vT2m\n> Lw8RtYb4\n> and so on\n"
    joined = b"Zk39aXQ7vT2mLw8RtYb4"
    assert any(joined in one.split(b"\n") for one in texts(before + said + before))
    assert not any(joined in one.split(b"\n") for one in texts(before + said + after + before)), (
        "the quote is long"
    )
