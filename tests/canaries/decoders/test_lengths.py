"""Strings behind a byte that says how long they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "BER": lambda data: b"\x30\x80\x04" + bytes([len(data)]) + data + b"\x30\x00",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"BER"}


@pytest.mark.parametrize("length", [32, 48, 50, 65, 90, 97, 122])
def test_a_length_that_is_a_letter_does_not_hide_the_string_behind_it(
    texts: Callable[[bytes], set[bytes]], length: int
) -> None:
    token = (b"Zk39aXQ7vT2mLw8RtYb4" * 7)[:length]
    found = texts(b"\x00\x04" + bytes([length]) + token + bytes([14]) + b"another string0\x01")
    assert any(token in text.split(b"\n") for text in found)
    assert any(b"another string" in text.split(b"\n") for text in found)
