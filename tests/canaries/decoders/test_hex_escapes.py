"""A backslash and digits, in other notations than that of C."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, candidates, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "LDAP": lambda data: b"(cn=" + b"".join(b"\\%02x" % byte for byte in data) + b")",
    "Unicode of SQL": lambda data: b"U&'" + b"".join(b"\\%04X" % byte for byte in data) + b"'",
    "decimal escapes": lambda data: b'a. 60 IN TXT "' + b"".join(b"\\%03d" % byte for byte in data) + b'"',
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


@pytest.mark.parametrize(
    "written",
    [
        rb"(&(uid=Zk39\61\58Q7vT2mLw8RtYb4)(a=b))",
        rb"U&'Zk39\0061\+000058Q7vT2mLw8RtYb4'",
        rb".x{content:'Zk39\61 \000058Q7vT2mLw8RtYb4'}",
        rb"{\rtf1 Zk39\'61\u88?Q7vT2mLw8RtYb4}",
        rb"echo -e 'Zk39\0141\0130Q7vT2mLw8RtYb4'",
    ],
)
def test_each_notation(written: bytes) -> None:
    layers = unwrap(written, DecodingBudget(USUAL, len(written)))
    assert b"Zk39aXQ7vT2mLw8RtYb4" in {one for layer in layers for one in candidates(layer)}


@pytest.mark.parametrize("form", ["\\%d", "\\%o", '\\%o""'])
def test_figures_that_are_not_filled_up(form: str) -> None:
    """Of Lua, Haskell and ``printf``."""
    written = "".join(form % code for code in b"Zk39aXQ7vT2mLw8RtYb4").encode()
    layers = unwrap(written, DecodingBudget(USUAL, len(written)))
    assert b"Zk39aXQ7vT2mLw8RtYb4" in {one for layer in layers for one in candidates(layer)}
