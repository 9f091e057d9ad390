"""Text of a PDF with distances."""

from __future__ import annotations

import re
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "kerned text": lambda data: (
        b"BT /F1 10 Tf ["
        + b"".join(
            b"(%s)%d" % (re.sub(rb"([()\\\\])", rb"\\\1", data[at : at + 3]), -20 - at)
            for at in range(0, len(data), 3)
        )
        + b"]TJ ET"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = set(WRAPPERS)


def test_pieces_apart(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7" in texts(b"BT [ (Zk) -12.5 (39a) 3 (XQ7) ] TJ ET")
