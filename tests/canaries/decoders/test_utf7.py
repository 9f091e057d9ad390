"""UTF-7, and the names of folders in IMAP."""

from __future__ import annotations

import base64
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "utf-7": lambda data: b"+" + base64.b64encode(data.decode().encode("utf-16-be")).rstrip(b"=") + b"-",
    "utf-7 of IMAP": lambda data: (
        b"&" + base64.b64encode(data.decode().encode("utf-16-be")).rstrip(b"=").replace(b"/", b",") + b"-"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"utf-7", "utf-7 of IMAP"}


def test_a_part_of_a_word_and_what_python_writes(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2mLw8RtYb4" in texts(b"Zk39+AGEAWA-Q7vT2mLw8RtYb4")
    token = "wJ/lrXUt+nFEMI/K7MDENG~x\u00e9"
    assert token.encode() in texts(token.encode("utf-7"))


def test_what_gives_other_characters_is_left_as_it_is(texts: Callable[[bytes], set[bytes]]) -> None:
    assert texts(b"1+2343 and tom&jerry- +Zm9vYmFy") == {b"1+2343 and tom&jerry- +Zm9vYmFy"}
