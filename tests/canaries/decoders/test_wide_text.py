"""UTF-16 and UTF-32."""

from __future__ import annotations

from collections.abc import Callable


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
