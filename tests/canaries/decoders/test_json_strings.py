"""Strings of JSON and what is like it."""

from __future__ import annotations

import json
from collections.abc import Callable


def text(data: bytes) -> str:
    """Any bytes as text: those that are no UTF-8 as the characters of the same numbers."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "json": lambda data: json.dumps({"a": 1, "token": text(data)}).encode(),
    "json, nested": lambda data: json.dumps({"a": json.dumps({"b": [text(data)]})}).encode(),
    "json, as it is": lambda data: json.dumps([text(data)], ensure_ascii=False).encode(),
    "json, letters escaped": lambda data: (
        b'{"k":"%s"}' % "".join(f"\\u{ord(char):04x}" for char in text(data)).encode()
    ),
    "ndjson": lambda data: b'{"n":1}\n' + json.dumps({"token": text(data)}).encode() + b'\n{"n":2}\n',
    "json, cut short": lambda data: json.dumps({"token": text(data)}).encode()[:-2],
    "graphql": lambda data: json.dumps(
        {"query": "mutation { login(token: " + json.dumps(text(data)) + ") { id } }"}
    ).encode(),
    "event stream": lambda data: b"data: " + json.dumps({"delta": text(data)}).encode() + b"\n\n",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_value_is_given_whole_with_its_escapes_undone(texts: Callable[[bytes], set[bytes]]) -> None:
    assert "x y päss/wörd!".encode() in texts(b'{"p": "x y p\\u00e4ss\\/w\\u00f6rd!"}')


def test_half_a_surrogate_pair_and_quotes_that_do_not_end_are_no_trouble(
    texts: Callable[[bytes], set[bytes]],
) -> None:
    assert texts(b'"\\ud800 and more of it')
    assert texts(b'"' + b'\\"' * 1000)
