"""What a terminal showed."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "colours": lambda data: b"a.env:\x1b[01;31m\x1b[K" + data[:9] + b"\x1b[m\x1b[K" + data[9:] + b"\x1b(B",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"colours"}


def test_overstruck_letters(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2m" in texts(b"".join(b"%c\x08%c" % (code, code) for code in b"Zk39aXQ7vT2m"))
