"""Codes of chats and games within a word."""

from __future__ import annotations

from collections.abc import Callable

from canaries.decoders import USUAL, DecodingBudget, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "chat": lambda data: b"<bob> " + data[:5] + b"\x02" + data[5:8] + b"\x0f" + data[8:] + b"\x02",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"chat"}


def test_colours_of_one_and_two_figures(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"<bob> Zk39aXQ7vT2m" in texts(b"<bob> \x0304,01Zk39\x03a\x031XQ7v\x0fT2m")
    assert b"Zk39aXQ7vT2m" in texts("\u00a7cZk39aX\u00a7rQ7vT2m".encode())


def test_fields_of_a_protocol_are_left_alone() -> None:
    written = b"Zk39a\x02\x0f\x02XQ7vT2m\x02\0\x03"
    layers = unwrap(written, DecodingBudget(USUAL, len(written)))
    assert ("formatting codes",) not in {layer.way for layer in layers}
