"""Connections of programs on this machine, over Unix sockets: no addresses, no TLS; the kernel says who is there."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from canaries.core import safe_traceback
from listener.journal.journal import JournalError
from listener.net.connection import Connection, ConnectionInfo

if TYPE_CHECKING:
    from listener.net.context import TrapContext

log = logging.getLogger(__name__)

HERE = ("127.0.0.1", 0)
"""What stands for the peer: this machine, without a port."""
_CREDENTIALS = struct.Struct("3i")
_FULL_SECONDS = 0.1


def peer_of(sock: socket.socket) -> dict[str, int]:
    """Process, user and group of the other end, as the kernel knows them (unix(7), SO_PEERCRED)."""
    pid, uid, gid = _CREDENTIALS.unpack(
        sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    )
    return {"pid": pid, "uid": uid, "gid": gid}


class UnixAcceptor:
    """Accepts connections on Unix sockets for one trap."""

    def __init__(
        self,
        front: TrapContext,
        serve: Callable[[Connection, dict[str, int]], Awaitable[None]],
        *,
        total: int,
        seconds: float,
    ) -> None:
        """``serve`` holds one conversation, of ``seconds`` at most; ``total``: connections at a time."""
        self._front, self._serve_one = front, serve
        self._room, self._seconds = asyncio.Semaphore(total), seconds
        self._work: set[asyncio.Task[None]] = set()

    def serve(self, sockets: list[socket.socket]) -> None:
        """Begin to accept."""
        for listening in sockets:
            listening.setblocking(False)
            self._begin(self._accept(listening))

    async def close(self) -> None:
        """Accept no more, and cut what is open."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._room.acquire()
            try:
                sock, _ = await loop.sock_accept(listening)
            except OSError as problem:
                self._room.release()
                log.warning("accept: %s", problem.strerror)
                await asyncio.sleep(_FULL_SECONDS)
                continue
            except asyncio.CancelledError:
                self._room.release()
                raise
            self._begin(self._talk(loop, sock))

    async def _talk(self, loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
        connection = Connection(ConnectionInfo(self._front.next_connection(), HERE, HERE), loop)
        try:
            peer = peer_of(sock)
            sock.setblocking(False)
            await loop.connect_accepted_socket(lambda: connection, sock)
            async with asyncio.timeout(self._seconds):
                await self._serve_one(connection, peer)
        except (OSError, JournalError) as problem:  # TimeoutError is an OSError
            log.debug("a connection ended early: %s", type(problem).__name__)
        except Exception as problem:  # noqa: BLE001  asyncio would log it with its message
            safe_traceback.log_error(problem)
        finally:
            connection.close()
            self._room.release()
