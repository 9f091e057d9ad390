"""Percent-encoding."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote_from_bytes

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "percent": lambda data: quote_from_bytes(data, safe="").encode(),
    "percent, every byte": lambda data: b"".join(b"%%%02x" % byte for byte in data),
    "percent, twice": lambda data: quote_from_bytes(
        quote_from_bytes(data, safe="").encode(), safe=""
    ).encode(),
    "percent, wide": lambda data: b"".join(b"%%u%04X" % byte for byte in data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_what_is_wide_is_undone_before_what_stands_in_it(texts: Callable[[bytes], set[bytes]]) -> None:
    """Both at once would leave no sign of where the inner one began and ended."""
    inner = b"a/b; x*0*=utf-8'en'Zk39%3BaXQ7; x*1*=vT2m%3D8R"
    wide = WRAPPERS["percent, wide"](inner)
    assert inner in texts(wide)
    assert b"Zk39;aXQ7vT2m=8R" in texts(wide)
    assert b"AAB" in texts(b"%41%u0041B")


def test_a_capital_of_iis(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7" in texts(b"%U005A%u006B39aXQ7")
