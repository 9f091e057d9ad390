"""Strings that a program puts together."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, candidates, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "joined strings": lambda data: (
        b"k = " + b" + ".join(json.dumps(part.decode()).encode() for part in thirds(data))
    ),
    "joined in SQL": lambda data: (
        b"SELECT " + b"||".join(b"'%s'" % part.replace(b"'", b"&apos;") for part in thirds(data)) + b" FROM t"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"joined strings", "joined in SQL"}


def thirds(data: bytes) -> tuple[bytes, bytes, bytes]:
    third = len(data) // 3 + 1
    return data[:third], data[third : 2 * third], data[2 * third :]


@pytest.mark.parametrize(
    "written",
    [
        b"var k = 'Zk39aXQ7'+'vT2mLw8R'+'tYb4';",
        b'k := "Zk39aXQ7" +\n\t"vT2mLw8RtYb4"',
        b'k = (b"Zk39aXQ7"\n     b"vT2mLw8RtYb4")',
        b"$k = 'Zk39aXQ7' . 'vT2mLw8RtYb4';",
        b'k = "Zk39aXQ7" & "vT2mLw8RtYb4"',
        b"SELECT 'Zk39aXQ7'/**/'vT2mLw8RtYb4'",
        b"SELECT N'Zk39aXQ7' + N'vT2mLw8RtYb4'",
        b"SELECT concat('Zk39aXQ7','vT2mLw8R', 'tYb4')",
        b"SELECT CONCAT_WS('','Zk39aXQ7','vT2mLw8RtYb4')",
        b'["Zk39aXQ7","vT2mLw8RtYb4"].join("")',
        b"export K=Zk39aXQ7''vT2mLw8R\"\"tYb4",
        b'{"code": "k = \\"Zk39aXQ7\\" + \\"vT2mLw8RtYb4\\""}',
        b"x = 1\n" * 3000 + b"k = 'Zk39aXQ7' + 'vT2mLw8RtYb4'\n" + b"y = 2\n" * 3000,
    ],
)
def test_languages_and_shells(written: bytes) -> None:
    layers = unwrap(written, DecodingBudget(USUAL, len(written)))
    assert b"Zk39aXQ7vT2mLw8RtYb4" in {one for layer in layers for one in candidates(layer)}


def test_strings_of_a_list_stay_apart(texts: Callable[[bytes], set[bytes]]) -> None:
    assert not any(b"Zk39aXQ7vT2mLw8R" in text for text in texts(b'["Zk39aXQ7","vT2mLw8R"]'))
