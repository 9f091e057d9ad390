"""Text as a list of its characters."""

from __future__ import annotations

import json
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "list of characters": lambda data: json.dumps(list(data.decode())).encode(),
    "map of characters": lambda data: json.dumps(dict(enumerate(data.decode()))).encode(),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = set(WRAPPERS)


def test_an_array_in_source_code(texts: Callable[[bytes], set[bytes]]) -> None:
    code = b"char k[] = {" + b",\n    ".join(b"'%c'" % code for code in b"Zk39aXQ7vT2mLw8R") + b", 0};"
    assert b"Zk39aXQ7vT2mLw8R" in texts(code)


def test_flags_of_records_are_no_text(texts: Callable[[bytes], set[bytes]]) -> None:
    rows = json.dumps([{"a": "Y", "b": [1, "N"]}] * 40).encode()
    assert not any(b"YNYN" in text for text in texts(rows))
