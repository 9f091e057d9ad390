"""One connection as a conversation, over a real socket pair."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canaries.installation.home import Home
from listener.net.certificates import Certificates
from listener.net.connection import Connection, ConnectionInfo, ExpiredError
from tests import steady

Talk = Callable[[Connection, socket.socket], Awaitable[None]]


def converse(talk: Talk) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        stream = Connection(ConnectionInfo(1, ("192.0.2.1", 1), ("192.0.2.2", 2)), loop)
        await loop.connect_accepted_socket(lambda: stream, ours)
        try:
            await talk(stream, theirs)
        finally:
            stream.abort()
            theirs.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def leaf() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_what_came_is_read_and_then_the_end() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        client.send(b"one")
        assert await stream.read() == b"one"
        client.send(b"two")
        client.shutdown(socket.SHUT_WR)
        assert await stream.read() == b"two"
        assert await stream.read() == b""
        stream.write(b"still answered")
        assert await asyncio.get_running_loop().sock_recv(client, 100) == b"still answered"

    converse(talk)


def test_a_deadline_ends_a_read() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        asyncio.get_running_loop().call_later(0.01, stream.expire)
        with pytest.raises(ExpiredError):
            await stream.read()

    converse(talk)


def test_what_came_before_the_deadline_is_not_lost() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        client.send(b"in time")
        await steady.soon(lambda: stream._received)
        stream.expire()
        assert await stream.read() == b"in time"
        with pytest.raises(ExpiredError):
            await stream.read()

    converse(talk)


def test_a_client_that_sends_without_end_is_made_to_wait() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        sent = 0
        for _ in range(1000):
            try:
                sent += client.send(b"x" * 65_536)
            except BlockingIOError:
                await asyncio.sleep(0.001)
        assert sent < 16 << 20
        assert len(await stream.read()) < 2 << 20

    converse(talk)


def test_a_client_that_does_not_read_expires_the_writer() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        stream.write(b"x" * (8 << 20))
        asyncio.get_running_loop().call_later(0.01, stream.expire)
        with pytest.raises(ExpiredError):
            await stream.drain()

    converse(talk)


def test_writing_to_a_client_that_has_gone_is_no_error() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        client.close()
        assert await stream.read() == b""
        for _ in range(3):
            stream.write(b"x" * 100_000)
        await steady.soon(lambda: stream._lost)
        with pytest.raises(ConnectionResetError):
            await stream.drain()

    converse(talk)


def test_the_configured_proxys_word_counts_as_the_client() -> None:
    visit = ConnectionInfo(
        1,
        ("10.0.0.1", 5),
        ("192.0.2.2", 2),
        via={"how": "proxy-protocol", "chain": [], "client": ["198.51.100.7", 9]},
    )
    assert visit.client == ("198.51.100.7", 9)
    assert ConnectionInfo(1, ("10.0.0.1", 5), ("192.0.2.2", 2)).client == ("10.0.0.1", 5)


@pytest.mark.parametrize("cut", [0, 1, 300, 65_536])
def test_tls_in_the_middle_even_where_its_first_bytes_came_early(home: Home, cut: int) -> None:
    """MySQL's clients send the ClientHello right behind their request for TLS."""
    contexts = Certificates(home.authority(), leaf(), home.keys.front, names=("harbour-view.net",))

    async def talk(stream: Connection, client: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cadata=home.ca_pem)
        session = context.wrap_bio(incoming, outgoing, server_hostname="db.harbour-view.net")
        with pytest.raises(ssl.SSLWantReadError):
            session.do_handshake()
        hello = outgoing.read()
        upgrade = asyncio.ensure_future(
            stream.start_tls(lambda name: contexts.context(name, "127.0.0.1"), 5, hello[:cut])
        )
        if hello[cut:]:
            client.send(hello[cut:])
        loop = asyncio.get_running_loop()
        incoming.write(await loop.sock_recv(client, 65_536))
        session.do_handshake()
        session.write(b"inside")
        client.send(outgoing.read())
        await upgrade
        assert await stream.read() == b"inside"
        assert stream.info.tls is not None
        assert (stream.info.tls["hello"], stream.info.tls["sni"]) == (hello, "db.harbour-view.net")
        stream.write(b"answer")
        incoming.write(await loop.sock_recv(client, 65_536))
        assert session.read() == b"answer"
        session.write(b"in a record that comes in pieces")
        record = outgoing.read()
        reading = asyncio.ensure_future(stream.read())
        for at in range(len(record)):
            client.send(record[at : at + 1])
            await asyncio.sleep(0)
        assert await reading == b"in a record that comes in pieces"

    converse(talk)


def test_a_handshake_that_fails_says_why() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        client.send(b"no TLS at all")
        with pytest.raises(ssl.SSLError):
            await stream.start_tls(lambda _: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), 5)
        assert stream.info.tls is not None
        assert stream.info.tls["error"]

    converse(talk)


def test_a_handshake_that_does_not_come_expires() -> None:
    async def talk(stream: Connection, client: socket.socket) -> None:
        asyncio.get_running_loop().call_later(0.02, stream.expire)
        with pytest.raises(TimeoutError):
            await stream.start_tls(lambda _: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), 5)
        assert stream.info.tls == {"sni": "", "error": "ExpiredError"}

    converse(talk)
