"""What a terminal showed."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "colours": lambda data: b"a.env:\x1b[01;31m\x1b[K" + data[:9] + b"\x1b[m\x1b[K" + data[9:] + b"\x1b(B",
    "hyperlink": lambda data: (
        b"a.env:" + data[:9] + b"\x1b]8;;file:///a.env\x1b\\" + data[9:] + b"\x1b]8;;\x1b\\ found"
    ),
    "colours without escapes": lambda data: b"a.env: [31m" + data + b"[0m",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"colours without escapes", "hyperlink", "colours"}


def test_overstruck_letters(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2m" in texts(b"".join(b"%c\x08%c" % (code, code) for code in b"Zk39aXQ7vT2m"))


def test_how_a_shell_goes_to_the_next_line(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"$ echo Zk39aXQ7vT2m\r\n" in texts(b"$ echo Zk39aXQ \r7vT2m\r\n")


def test_an_escape_that_is_written_out(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2m" in texts(b"Zk39\\e[1;31maXQ7vT2m\\e[0m")
