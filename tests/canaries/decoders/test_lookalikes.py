"""Characters that nobody sees, and those that look like others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, candidates, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "zero-width spaces": lambda data: "\u200b".join(data.decode()).encode(),
    "full width": lambda data: "".join(
        chr(ord(one) + 0xFEE0) if one > " " else one for one in data.decode()
    ).encode(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"zero-width spaces", "full width"}


@pytest.mark.parametrize(
    "written",
    [
        "Zk39\u00adaXQ7\u00advT2mLw8RtYb4",
        "Zk39\u200caXQ7\u200dvT2m\u2060Lw8R\ufefftYb4",
        "\u202aZk39aXQ7\u202cvT2mLw8RtYb4\ufe0f",
        "Zk\uff13\uff19aXQ\uff17vT\uff12mLw8RtYb4",
        "\U0001d419\U0001d424\U0001d7d1\U0001d7d7aXQ7vT2mLw8RtYb4",
    ],
)
def test_the_letters_that_are_meant(written: str) -> None:
    assert b"Zk39aXQ7vT2mLw8RtYb4" in words(written)


def test_dashes_are_hyphens() -> None:
    for dash in "\u2010\u2011\u2013\u2014\u2212":
        assert b"Zk39-aXQ7-vT2mLw8R" in words(f"the key is Zk39{dash}aXQ7{dash}vT2mLw8R.")


def words(text: str) -> set[bytes]:
    data = text.encode()
    return {one for layer in unwrap(data, DecodingBudget(USUAL, len(data))) for one in candidates(layer)}


def test_between_the_fields_of_a_binary_protocol(texts: Callable[[bytes], set[bytes]]) -> None:
    disguised = "".join(chr(ord(letter) + 0xFEE0) for letter in "Zk39aXQ7vT2m").encode()
    assert any(b"Zk39aXQ7vT2m" in text for text in texts(b"\x01\xff\x00\x24" + disguised + b"\x00\xff\xfe"))
