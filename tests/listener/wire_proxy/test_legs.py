"""Not a byte is read too many before TLS, and what was written goes out before a side is closed."""

from __future__ import annotations

import asyncio
import socket

import pytest

from listener.wire_proxy import legs
from listener.wire_proxy.legs import RawLeg
from tests import steady


def pair() -> tuple[socket.socket, socket.socket]:
    one, other = socket.socketpair()
    one.setblocking(False)
    other.settimeout(steady.PATIENCE)
    return one, other


def test_exactly_as_many_bytes_as_are_asked_for() -> None:
    async def talk() -> None:
        ours, theirs = pair()
        leg = RawLeg(ours)
        theirs.sendall(b"12345678rest")
        assert await leg.peek() == ord("1")
        assert await leg.exactly(8) == b"12345678"
        assert ours.recv(100) == b"rest"
        await leg.send(b"answer")
        assert theirs.recv(100) == b"answer"
        theirs.close()
        for read in (leg.exactly(1), leg.peek()):
            with pytest.raises(ConnectionError):
                await read
        await leg.close()

    asyncio.run(talk())


def test_a_stream_is_closed_behind_what_was_written() -> None:
    async def talk() -> None:
        ours, theirs = pair()
        raw = RawLeg(ours)
        leg = await legs.accepted(raw, None)
        assert raw.leg is leg
        assert (leg.tls, leg.certificate()) == (None, ("", ""))
        leg.writer.write(b"x" * 100_000)
        closing = asyncio.create_task(raw.close())
        found = b""
        while part := await asyncio.to_thread(theirs.recv, 65_536):
            found += part
        await closing
        theirs.close()
        assert len(found) == 100_000

    asyncio.run(talk())


def test_nobody_there_is_an_error() -> None:
    async def talk(address: str) -> None:
        with pytest.raises(OSError, match=r".+"):
            await legs.dialled(address)

    asyncio.run(talk(f"127.0.0.1:{steady.free_port()}"))
    asyncio.run(talk("unix:/nowhere/at/all"))
