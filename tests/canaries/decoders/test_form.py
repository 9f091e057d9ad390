"""Fields of forms, queries, cookies."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote_plus

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "form": lambda data: b"a=1&token=" + quote_plus(data).encode() + b"&z=2",
    "query": lambda data: b"GET /x?q=" + quote_plus(data).encode() + b" HTTP/1.1\r\n\r\n",
    "cookie": lambda data: b"a=b; session=" + quote_plus(data).encode() + b"; c=d",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_value_is_given_whole_with_its_spaces(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"correct horse &" in texts(b"p=correct+horse+%26&q=1")
    assert b"p:a|s?[w0rd]" in texts(b"a=b; s=p:a|s?[w0rd]; c=d")
