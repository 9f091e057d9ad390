"""Base64 in every alphabet, in lines, out of step."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest


def lines(text: bytes, width: int, end: bytes = b"\n") -> bytes:
    """``text`` in lines of ``width`` characters."""
    return end.join(text[at : at + width] for at in range(0, len(text), width))


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "base64, urlsafe": base64.urlsafe_b64encode,
    "base64, unpadded": lambda data: base64.b64encode(data).rstrip(b"="),
    "base64, twice": lambda data: base64.b64encode(base64.b64encode(data)),
    "base64 in lines": lambda data: b"attached:\n" + lines(base64.b64encode(data), 76) + b"\n.\n",
    "base64 in short lines": lambda data: lines(base64.b64encode(data), 20, b"\r\n  "),
    "base64, modified": lambda data: base64.b64encode(data).replace(b"/", b",").rstrip(b"="),
    "data link": lambda data: b"data:text/plain;base64," + base64.b64encode(data),
    "PEM": lambda data: b"-----BEGIN X-----\n" + lines(base64.b64encode(data), 64) + b"\n-----END X-----\n",
    "JWT": lambda data: (
        b"eyJhbGciOiJub25lIn0." + base64.urlsafe_b64encode(data).rstrip(b"=") + b".c2lnbmF0dXJl"
    ),
    "Basic": lambda data: b"Authorization: Basic " + base64.b64encode(b"user:" + data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"Basic"}


@pytest.mark.parametrize("before", [b"", b"k", b"ke", b"key", b"keyz"])
@pytest.mark.parametrize("inner", [b"", b"x", b"xy", b"xyz"])
def test_every_alignment_on_either_side(
    texts: Callable[[bytes], set[bytes]], before: bytes, inner: bytes
) -> None:
    plain = inner + b" Zk39aXQ7vT2mLw8RtYb4 and some text"
    found = texts(before + base64.b64encode(plain))
    assert any(b"Zk39aXQ7vT2mLw8RtYb4" in text for text in found)


def test_words_and_labels_are_not_taken_for_it(texts: Callable[[bytes], set[bytes]]) -> None:
    assert texts(b"GET /q7f3k29xk2m5v8w1z4y6c/ HTTP/1.1") == {b"GET /q7f3k29xk2m5v8w1z4y6c/ HTTP/1.1"}
