"""Words of Rich Text Format with its control words in them."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "rtf": lambda data: (
        b"{\\rtf1\\ansi key: "
        + escaped(data[:7])
        + b"\\b0 "
        + escaped(data[7:12])
        + b"{\\i\\lang1033 "
        + escaped(data[12:])
        + b"}\\par}"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"rtf"}


def escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"{", b"\\{").replace(b"}", b"\\}")


def test_signs_and_lines(texts: Callable[[bytes], set[bytes]]) -> None:
    written = b"{\\rtf1 key:\\tab sk\\_proj\\u45?Zk3\r\n9aX\\'51\\-7\\par next}"
    assert b"key:\nsk-proj-Zk39aXQ7\nnext" in texts(written)
