"""Passwords in settings of WebSphere."""

from __future__ import annotations

import base64
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "xor": lambda data: b'password="{xor}' + base64.b64encode(bytes(code ^ 0x5F for code in data)) + b'"',
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_password_that_is_in_every_guide(texts: Callable[[bytes], set[bytes]]) -> None:
    for mark in (b"{xor}", b"{XOR}", b"{Xor}"):
        assert b"adminpassword" in texts(b'bindPassword="' + mark + b'PjsyNjEvPiwsKDAtOw=="')
