"""Backslash escapes outside quoted strings."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "hexadecimal escapes": lambda data: b"".join(b"\\x%02x" % byte for byte in data),
    "unicode escapes": lambda data: b"".join(b"\\u%04X" % byte for byte in data),
    "unicode escapes in braces": lambda data: b"".join(b"\\u{%x}" % byte for byte in data),
    "octal escapes": lambda data: b"".join(b"\\%03o" % byte for byte in data),
    "a string of Python": lambda data: repr(data).encode(),
    "escapes of PowerShell": lambda data: b"".join(b"`u{%x}" % byte for byte in data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_slash_that_php_escapes(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"k: AB/CDEFGHIJKLMN" in texts(b"k: AB\\/CDEFGHIJKLMN")


def test_the_next_line_may_be_indented(texts: Callable[[bytes], set[bytes]]) -> None:
    """In properties of Java, strings of YAML, TOML and Rust."""
    assert b'k = "wJ/lrXUt+nFEMI/K7"' in texts(b'k = "wJ/lrXUt+\\\n    nFEMI/K7"')
