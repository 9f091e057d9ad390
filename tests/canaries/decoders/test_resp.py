"""Strings of Redis' protocol."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "command of Redis": lambda data: b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$%d\r\n%s\r\n" % (len(data), data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_several_commands_and_lengths_that_are_wrong(texts: Callable[[bytes], set[bytes]]) -> None:
    first = WRAPPERS["command of Redis"](b"one string\x00$9\r\n")
    assert {b"one string\x00$9\r\n", b"another string"} <= texts(
        first + WRAPPERS["command of Redis"](b"another string")
    )
    assert b"short" not in texts(b"$900\r\nshort\r\n")
