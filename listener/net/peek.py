"""Looking at what a socket has received without taking it (recv(2), MSG_PEEK).

A peeked socket stays readable, so waiting for *more* would spin; SO_RCVLOWAT (socket(7)) lets the kernel wake the loop
only when there is more than was seen, or the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket

PEEK_LIMIT = 65_536
"""Most bytes looked at."""


class Peek:
    """Looks at what a socket has received without taking it, until a deadline."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, deadline: float) -> None:
        self._loop, self._sock, self._deadline = loop, sock, deadline

    async def until(self, count: int) -> bytes:
        """The first ``count`` bytes, fewer where no more come."""
        data = self.here(count)  # most often the first bytes came with the connection
        return data if len(data) == count else (await self.beyond(count - 1))[:count]

    def here(self, limit: int = PEEK_LIMIT) -> bytes:
        """What is here by now, at most ``limit`` bytes."""
        try:
            return self._sock.recv(limit, socket.MSG_PEEK)
        except BlockingIOError:
            return b""

    async def beyond(self, known: int) -> bytes:
        """All that is here once it is more than ``known`` bytes; as much as before where no more comes in time."""
        if known:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, known + 1)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._deadline):
                    await self._readable()
            return self.here()
        finally:
            if known:
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)

    async def _readable(self) -> None:
        ready = self._loop.create_future()
        self._loop.add_reader(self._sock, _settle, ready)
        try:
            await ready
        finally:
            self._loop.remove_reader(self._sock)

    def consume(self, count: int) -> None:
        """Take ``count`` bytes that were seen."""
        while count > 0:
            taken = len(self._sock.recv(count))
            if not taken:
                raise ConnectionResetError("the client has gone")
            count -= taken


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
