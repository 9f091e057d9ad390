"""One connection as a conversation, over a real socket pair."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from listener.stream import ExpiredError, Stream, Visit

Talk = Callable[[Stream, socket.socket], Awaitable[None]]


def converse(talk: Talk) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        stream = Stream(Visit(1, ("192.0.2.1", 1), ("192.0.2.2", 2)), loop)
        await loop.connect_accepted_socket(lambda: stream, ours)
        try:
            await talk(stream, theirs)
        finally:
            stream.abort()
            theirs.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def test_what_came_is_read_and_then_the_end() -> None:
    async def talk(stream: Stream, client: socket.socket) -> None:
        client.send(b"one")
        assert await stream.read() == b"one"
        client.send(b"two")
        client.shutdown(socket.SHUT_WR)
        assert await stream.read() == b"two"
        assert await stream.read() == b""
        stream.write(b"still answered")
        await asyncio.sleep(0)
        assert client.recv(100) == b"still answered"

    converse(talk)


def test_a_deadline_ends_a_read() -> None:
    async def talk(stream: Stream, client: socket.socket) -> None:
        asyncio.get_running_loop().call_later(0.01, stream.expire)
        with pytest.raises(ExpiredError):
            await stream.read()

    converse(talk)


def test_what_came_before_the_deadline_is_not_lost() -> None:
    async def talk(stream: Stream, client: socket.socket) -> None:
        client.send(b"in time")
        await asyncio.sleep(0.05)
        stream.expire()
        assert await stream.read() == b"in time"
        with pytest.raises(ExpiredError):
            await stream.read()

    converse(talk)


def test_a_client_that_sends_without_end_is_made_to_wait() -> None:
    async def talk(stream: Stream, client: socket.socket) -> None:
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
    async def talk(stream: Stream, client: socket.socket) -> None:
        stream.write(b"x" * (8 << 20))
        asyncio.get_running_loop().call_later(0.01, stream.expire)
        with pytest.raises(ExpiredError):
            await stream.drain()

    converse(talk)


def test_writing_to_a_client_that_has_gone_is_no_error() -> None:
    async def talk(stream: Stream, client: socket.socket) -> None:
        client.close()
        assert await stream.read() == b""
        for _ in range(3):
            stream.write(b"x" * 100_000)
            await asyncio.sleep(0.01)
        with pytest.raises(ConnectionResetError):
            await stream.drain()

    converse(talk)


def test_the_configured_proxys_word_counts_as_the_client() -> None:
    visit = Visit(
        1, ("10.0.0.1", 5), ("192.0.2.2", 2), via={"how": "proxy-protocol", "client": ["198.51.100.7", 9]}
    )
    assert visit.client == ("198.51.100.7", 9)
    assert Visit(1, ("10.0.0.1", 5), ("192.0.2.2", 2)).client == ("10.0.0.1", 5)
