"""Character references of XML and HTML."""

from __future__ import annotations

import html
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "entities, decimal": lambda data: b"<a>" + b"".join(b"&#%d;" % byte for byte in data) + b"</a>",
    "entities, hexadecimal": lambda data: b"".join(b"&#x%X;" % byte for byte in data),
    "html": lambda data: b"<p title='" + html.escape(data.decode("latin-1")).encode() + b"'>",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_names_without_a_semicolon_and_unknown_ones(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"a+key=Zk39aXQ7vT2mLw" in texts(b"a&plus;key&equals;Zk39aXQ7vT2mLw")
    assert texts(b"&nothing; &#99999999; &#x110000;") == {b"&nothing; &#99999999; &#x110000;"}
