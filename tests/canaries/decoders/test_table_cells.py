"""Cells whose text goes on in the next line."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "wrapped cells": lambda data: table(data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"wrapped cells"}


def table(data: bytes) -> bytes:
    """As psql 15 writes it with ``\\pset format wrapped``."""
    rows = [data[at : at + 12] for at in range(0, len(data), 12)]
    last = len(rows) - 1
    lines = [
        b" %2s |%s%s%s\n"
        % (b"" if at else b"1", b"." if at else b" ", row.ljust(12), b"" if at == last else b".")
        for at, row in enumerate(rows)
    ]
    return b" id |    token     \n----+--------------\n" + b"".join(lines) + b"(1 row)\n"


def test_tables_with_walls(texts: Callable[[bytes], set[bytes]]) -> None:
    drawn = "\u2502 1  \u2502 Zk39aXQ7vT \u2502 a \u2502\n\u2502    \u2502 2mLw8RtYb4 \u2502   \u2502\n"
    assert any(b"Zk39aXQ7vT2mLw8RtYb4" in text.split() for text in texts(drawn.encode()))


def test_cells_that_are_not_full_stay_apart(texts: Callable[[bytes], set[bytes]]) -> None:
    drawn = b"\n| 1 | Zk39aXQ7    |\n| 2 | vT2mLw8RtYb4 |\n"
    assert not any(b"Zk39aXQ7vT2m" in text for text in texts(drawn))
