"""Text that is put together from codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "character codes": lambda data: b"SELECT " + b"||".join(b"chr(%d)" % byte for byte in data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


@pytest.mark.parametrize(
    ("form", "between"),
    [
        ("CHAR({})", "+"),
        ("NCHAR(0x{:02x})", " + "),
        ("chr({})", "."),
        ("[char]{}", "+"),
        ("ChrW({})", " & "),
        ("CHR({})", "||"),
    ],
)
def test_each_language(form: str, between: str, texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2m" in texts(f"x={between.join(map(form.format, b'Zk39aXQ7vT2m'))};".encode())


def test_codes_that_are_no_bytes_are_passed_over(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"ABCDEFGH" in texts(b"+".join(b"CHAR(%d)" % code for code in (65, 999, *range(66, 73))))


@pytest.mark.parametrize("form", ["NCHAR(0x%04X)", "Chr(&H%02X)"])
def test_codes_in_hexadecimal(texts: Callable[[bytes], set[bytes]], form: str) -> None:
    assert b"Zk39aXQ7vT2m" in texts(" + ".join(form % code for code in b"Zk39aXQ7vT2m").encode())
