"""Text that JSON has in pieces, each under the same name."""

from __future__ import annotations

import json
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "text runs": lambda data: json.dumps(
        {"ops": [{"insert": data[:6].decode(), "attributes": {"bold": True}}, {"insert": data[6:].decode()}]}
    ).encode(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"text runs"}


def test_what_a_model_streams(texts: Callable[[bytes], set[bytes]]) -> None:
    pieces = (b"Zk39", b"aXQ7", b"vT2m", b"Lw8R", b"tYb4")
    stream = b"".join(b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n' % piece for piece in pieces)
    assert any(b"Zk39aXQ7vT2mLw8RtYb4" in text for text in texts(stream))


def test_texts_under_other_names_stay_apart(texts: Callable[[bytes], set[bytes]]) -> None:
    written = b'[{"text": "Zk39aXQ7"}, {"content": "vT2mLw8R"}]'
    assert not any(b"Zk39aXQ7vT2m" in text for text in texts(written))
