"""Looking at bytes without taking them."""

from __future__ import annotations

import asyncio
import select
import socket
import time

from listener.net.peek import Peek
from tests import steady


def test_bytes_are_seen_and_stay() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server, client = tcp_pair()
        with server, client:
            peek = Peek(loop, server, loop.time() + steady.PATIENCE)
            loop.call_later(0.02, client.send, b"abc")
            assert await peek.until(1) == b"a"
            assert await peek.beyond(0) == b"abc"
            loop.call_later(0.02, client.send, b"def")
            assert await peek.beyond(3) == b"abcdef"
            peek.consume(2)
            assert server.recv(100) == b"cdef"

    asyncio.run(run())


def test_waiting_for_more_does_not_spin() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server, client = tcp_pair()
        with server, client:
            client.send(b"abc")
            used = time.process_time()
            assert await Peek(loop, server, loop.time() + 0.3).beyond(3) == b"abc"
            assert time.process_time() - used < 0.1

    asyncio.run(run())


def test_after_a_look_one_byte_wakes_a_reader_again() -> None:
    """What is short and comes behind a PROXY header or a ClientHello must not wait for the length of that."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server, client = tcp_pair()
        with server, client:
            client.send(b"header")
            peek = Peek(loop, server, loop.time() + 0.1)
            assert await peek.beyond(6) == b"header"
            peek.consume(6)
            client.send(b"x")
            assert select.select([server], [], [], steady.PATIENCE)[0], "the kernel waits for more"
            assert server.recv(10) == b"x"

    asyncio.run(run())


def test_the_end_ends_the_wait() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        server, client = tcp_pair()
        with server:
            client.send(b"abc")
            client.close()
            assert await Peek(loop, server, loop.time() + 10 * steady.PATIENCE).beyond(3) == b"abc"

    asyncio.run(run())


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        server, _ = listening.accept()
    server.setblocking(False)
    return server, client
