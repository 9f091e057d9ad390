"""Who a client says it is; the proof of its password is nowhere in what is kept."""

from __future__ import annotations

import struct

import pytest

from listener.wire_proxy import mysql_login
from listener.wire_proxy.mysql_login import read_login


def said(flags: int, rest: bytes) -> bytes:
    return struct.pack("<IIB", flags, 1 << 24, 45) + bytes(23) + rest


ALL = mysql_login.CONNECT_WITH_DB | mysql_login.SECURE | mysql_login.PLUGIN | mysql_login.ATTRIBUTES


@pytest.mark.parametrize("flags", [ALL, ALL | mysql_login.LENGTH_ENCODED | mysql_login.NO_EOF])
def test_all_that_a_client_may_say(flags: int) -> None:
    attributes = b"\x0cprogram_name\x05mysql"
    body = b"anna\0\x06secretshop\0caching_sha2_password\0" + bytes([len(attributes)]) + attributes
    found = read_login(said(flags, body))
    assert (found.user, found.database, found.method, found.application) == (
        *("anna", "shop", "caching_sha2_password", "mysql"),
    )
    assert found.no_eof == bool(flags & mysql_login.NO_EOF)
    assert "secret" not in repr(found)


def test_an_old_client_says_less_and_a_short_packet_is_an_error() -> None:
    assert read_login(said(0, b"anna\0proof\0")).database == ""
    for body in (b"", said(ALL, b"anna\0\x20short"), said(0, b"anna")):
        with pytest.raises(ValueError, match=r"left|end"):
            read_login(body)
