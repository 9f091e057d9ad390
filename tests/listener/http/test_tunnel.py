"""The first bytes of a tunnel: when there are enough of them."""

from __future__ import annotations

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http import tunnel


def client_hello() -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    session = context.wrap_bio(incoming, outgoing, server_hostname="bank.example.net")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    return outgoing.read()


def test_a_client_hello_is_waited_for() -> None:
    hello = client_hello()
    assert tunnel.complete(hello)
    assert not any(tunnel.complete(hello[:end]) for end in range(len(hello)))


def test_a_request_in_clear_is_waited_for() -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    assert tunnel.complete(head)
    assert not tunnel.complete(head[:-1])
    assert not tunnel.complete(b"GET")


def test_anything_else_says_it_with_its_first_bytes() -> None:
    assert (
        tunnel.complete(b"SSH-2.0-OpenSSH_9.2\r\n") is False
    )  # a banner begins as a method does: it times out
    assert tunnel.complete(b"\x00\x01")
    assert tunnel.complete(b"\x16\x03\x01\x00\x02xx")


@given(st.binary(max_size=200))
def test_no_bytes_raise_and_more_bytes_never_unsay_it(data: bytes) -> None:
    assert tunnel.complete(data) in (True, False)
    assert tunnel.complete(data + b"A" * 20_000)
