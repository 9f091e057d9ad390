"""UTF-16 and UTF-32."""

from __future__ import annotations

from collections.abc import Callable

import pytest


def wide(codec: str) -> Callable[[bytes], bytes]:
    """Bytes that are no UTF-8 as the characters of the same numbers."""

    def wrap(data: bytes) -> bytes:
        try:
            return data.decode().encode(codec)
        except UnicodeDecodeError:
            return data.decode("latin-1").encode(codec)

    return wrap


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16": wide("utf-16"),
    "UTF-16-LE": wide("utf-16-le"),
    "UTF-16-BE": wide("utf-16-be"),
    "UTF-32": wide("utf-32"),
    "UTF-32-LE": wide("utf-32-le"),
    "UTF-32-BE": wide("utf-32-be"),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_between_other_binary_data(texts: Callable[[bytes], set[bytes]]) -> None:
    assert any(
        b"Zk39aXQ7vT2mLw8RtYb4" in text
        for text in texts(b"\x01\x02\x03\xff" + "Zk39aXQ7vT2mLw8RtYb4".encode("utf-16-le"))
    )


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("before", [b"\x04\x78", b"\x01\x30", b"\x38" + bytes(8), b"\xff"])
def test_without_what_stands_before_it(
    texts: Callable[[bytes], set[bytes]], codec: str, before: bytes
) -> None:
    token = "glpat-GrFrWu7XcRt9faBWz97X"
    found = texts(before + token.encode(codec) + b"\x01\xff")
    assert any(token.encode() in text.split(b"\n") for text in found)


@pytest.mark.parametrize("width", [1, 2])
def test_without_a_length_that_is_a_character(texts: Callable[[bytes], set[bytes]], width: int) -> None:
    token = "glpat-GrFrWu7XcRt9faBWz97XQQ34567"
    counted = chr(width * len(token)) + token
    assert any(
        token.encode() in text.split(b"\n") for text in texts(b"\x01\xff" + counted.encode("utf-16-le"))
    )
