"""Whether a ClientHello is complete."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.net.client_hello import HelloError, collect, length
from listener.net.peek import Peek
from tests import steady


def client_hello(name: str = "a.example.net") -> bytes:
    """A real one, of this Python's OpenSSL."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    return outgoing.read()


HELLO = client_hello()


def fragmented(data: bytes, size: int) -> bytes:
    """The same handshake message over several records."""
    body = data[5:]
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(data[:3] + len(piece).to_bytes(2, "big") + piece for piece in pieces)


def test_complete_only_with_its_last_byte() -> None:
    assert length(HELLO) == len(HELLO)
    assert length(HELLO + b"early data") == len(HELLO)
    assert all(length(HELLO[:end]) is None for end in range(len(HELLO)))


@pytest.mark.parametrize("size", [4, 7, 100])
def test_over_several_records(size: int) -> None:
    data = fragmented(HELLO, size)
    assert length(data) == len(data)
    assert length(data[:-1]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00",  # a ServerHello
        b"\x16\x04\x01\x00\x05\x01\x00\x00\x01\x00",
        b"\x16\x03\x01\xff\xff\x01\x00\x00\x01\x00",
        b"\x16\x03\x01\x00\x04\x01\xff\xff\xff",
        b"\x16\x03\x01\x00\x00\x01\xff\xff\xff",
    ],
)
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(HelloError):
        length(data)


@given(st.binary(max_size=300))
def test_any_bytes(rest: bytes) -> None:
    try:
        found = length(b"\x16\x03\x01" + rest)
    except HelloError:
        return
    assert found is None or found <= 3 + len(rest)


def test_a_hello_that_comes_in_pieces_is_collected_and_left_where_it_is() -> None:
    async def run() -> tuple[tuple[bytes, bool], bytes]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            theirs = socket.create_connection(server.getsockname())
            ours, _ = server.accept()
        with ours, theirs:
            ours.setblocking(False)
            loop = asyncio.get_running_loop()
            peek = Peek(loop, ours, loop.time() + steady.PATIENCE)
            theirs.send(HELLO[:7])
            loop.call_later(0.02, theirs.send, HELLO[7:])
            return await collect(peek), ours.recv(65536)

    found, left = asyncio.run(run())
    assert found == (HELLO, True)
    assert left == HELLO
