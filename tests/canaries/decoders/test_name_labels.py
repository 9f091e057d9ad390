"""Data in the labels of a name."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "labels of DNS": lambda data: labels(base64.b32encode(data).rstrip(b"=").lower(), 40) + b".x.example.com",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def labels(text: bytes, size: int) -> bytes:
    return b".".join(text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [31, 33, 57, 63])
@pytest.mark.parametrize("before", [b"", b"17.", b"a1.s7.00."])
def test_a_token_over_several_labels(size: int, before: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    token = b"wJ/lrXUt+nFEMI/K7MDENGbPxRfiCYzzQ8pL1s3d"
    name = before + labels(token.hex().encode(), size) + b".x.example.com"
    assert any(token in text for text in texts(name))
    assert any(token in text for text in texts(b"\x00\x01 query " + name + b"\n"))
