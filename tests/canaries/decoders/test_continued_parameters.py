"""Parameters in numbered pieces."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "continued parameters": lambda data: b"; ".join(
        [b"Content-Type: text/plain"]
        + [
            b"name*%d*=%s%s" % (at // 60, b"" if at else b"utf-8'en'", percent(data[at : at + 60]))
            for at in range(0, len(data), 60)
        ]
    ),
    "continued parameters, quoted": lambda data: b";\r\n ".join(
        [b"Content-Disposition: attachment"]
        + [
            b'filename*%d="%s"' % (at // 9, data[at : at + 9].replace(b"\\", b"\\\\").replace(b'"', b'\\"'))
            for at in range(0, len(data), 9)
        ]
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"continued parameters, quoted"}


def percent(data: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in data)


def test_pieces_of_two_names_and_out_of_order_are_not_mixed(texts: Callable[[bytes], set[bytes]]) -> None:
    found = texts(b"a/b; x*0=Zk39aXQ7; x*1=vT2mLw8R; y*0=another; y*2=notits; z*1=neither")
    assert {b"Zk39aXQ7vT2mLw8R", b"another"} <= found
    assert not any(b"anothernotits" in text for text in found)
