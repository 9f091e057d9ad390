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


def in_pieces(*pieces: bytes) -> bytes:
    return b"$?\r\n" + b"".join(b";%d\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def test_pieces_of_a_string_hold_anything(texts: Callable[[bytes], set[bytes]]) -> None:
    """Semicolons, line ends, what looks like another string, more than some kilobytes."""
    pieces = (b"one;\r\n;2\r\n$?\r\n;1\r\n", b"-" * 5000, b"the rest")
    assert b"".join(pieces) in texts(b"*1\r\n" + in_pieces(*pieces) + b";0\r\n")
    assert b"".join(pieces) not in texts(b"*1\r\n" + in_pieces(*pieces))
