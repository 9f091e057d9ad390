"""Carets before the signs of cmd.exe."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote_from_bytes

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "request that Chrome copied": lambda data: (
        b'curl ^"https://a.example/^" --data-raw ^"k=b^&t='
        + quote_from_bytes(data, safe="").encode().replace(b"%", b"^%^")
        + b'^"'
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_sign_and_a_line_that_goes_on(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"redis://:Zk39@a.example goes on" in texts(b"redis://:Zk39^@a.example^\r\n\r\n goes on")


def test_letters_between_carets_are_none(texts: Callable[[bytes], set[bytes]]) -> None:
    assert texts(b"a^b is a power") == {b"a^b is a power"}
