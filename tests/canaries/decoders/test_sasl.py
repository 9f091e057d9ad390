"""Messages of SASL mechanisms."""

from __future__ import annotations

import base64
from collections.abc import Callable

_B64 = base64.b64encode
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "PLAIN": lambda data: b"AUTH PLAIN " + _B64(b"\0user\0" + data),
    "XOAUTH2": lambda data: _B64(b"user=a@b.example\1auth=Bearer " + data + b"\1\1"),
    "OAUTHBEARER": lambda data: _B64(b"n,a=a@b.example,\1host=x\1auth=Bearer " + data + b"\1\1"),
    "SCRAM": lambda data: _B64(
        b"n,,n=" + data.replace(b"=", b"=3D").replace(b",", b"=2C") + b",r=fyko+d2lbbFgONRv9qkxdawL"
    ),
    "CRAM-MD5": lambda data: _B64(data + b" 5b3d3e8a9d0f4c6b7a8e9f0a1b2c3d4e"),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"PLAIN", "XOAUTH2", "OAUTHBEARER", "SCRAM", "CRAM-MD5"}


def test_a_password_with_odd_characters_is_given_whole(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"p:a|s? [w0rd]" in texts(_B64(b"\0user\0p:a|s? [w0rd]"))
