"""Control characters that a program made visible."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "control marks of rsyslog": lambda data: b"<13>Jan  1 00:00:00 a app: k#011" + data + b"#012z",
    "control marks of cat": lambda data: b"k^I" + data + b"^M$",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = set(WRAPPERS)


def test_colours_that_were_made_visible(texts: Callable[[bytes], set[bytes]]) -> None:
    for written in (b"Zk39^[[31maXQ7vT2m^[[0m", b"Zk39#033[31maXQ7vT2m#033[0m"):
        assert b"Zk39aXQ7vT2m" in texts(written)
