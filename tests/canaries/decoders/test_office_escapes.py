"""Characters as the names of XML write them."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "office escapes": lambda data: b"<t>" + b"".join(b"_x%04X_" % byte for byte in data) + b"</t>",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = set(WRAPPERS)


def test_the_end_of_a_line_beside_a_token(texts: Callable[[bytes], set[bytes]]) -> None:
    """How PowerShell writes it on its error stream."""
    assert b"key:\r\nsk-proj-Zk3_9aX" in texts(b"key:_x000D__x000A_sk-proj-Zk3_9aX")
