"""Binary files in patches of git."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

from canaries.decoders import USUAL, DecodingBudget, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "git patch": lambda data: patch(data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def patch(data: bytes) -> bytes:
    packed = zlib.compress(data)
    lines = [packed[at : at + 52] for at in range(0, len(packed), 52)]
    return (
        b"diff --git a/k b/k\nindex 1c..5a 100644\nGIT binary patch\nliteral %d\n" % len(data)
        + b"".join(
            b"%c%s\n" % (len(line) + (64 if len(line) <= 26 else 70), base64.b85encode(line, pad=True))
            for line in lines
        )
        + b"\nliteral 0\nHcmV?d00001\n\n"
    )


def test_lines_that_are_none_give_nothing() -> None:
    data = b"\nliteral 12\nz~~~~~~~~~~~~~~~\n\n"
    layers = unwrap(data, DecodingBudget(USUAL, len(data)))
    assert not any("git patch" in layer.way for layer in layers)
