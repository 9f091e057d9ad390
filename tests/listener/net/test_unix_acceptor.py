"""Unix sockets: the kernel says who is there, a conversation ends in time, and one more waits for room."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

from listener.net.connection import Connection
from listener.net.sockets import open_unix_socket
from listener.net.unix_acceptor import UnixAcceptor, peer_of


class Front:
    """Numbers connections."""

    number = 0

    def next_connection(self) -> int:
        self.number += 1
        return self.number


def test_the_kernel_says_who_is_there() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert peer_of(one) == {"pid": os.getpid(), "uid": os.getuid(), "gid": os.getgid()}


def test_more_than_there_is_room_for_wait_and_silence_ends(tmp_path: Path) -> None:
    peers = []

    async def serve(connection: Connection, peer: dict[str, int]) -> None:
        peers.append(peer["pid"])
        connection.write(await connection.read())

    async def run() -> list[bytes]:
        front: Any = Front()
        acceptor = UnixAcceptor(front, serve, total=1, seconds=0.05)
        listening = open_unix_socket(f"unix:{tmp_path / 's'}", "here")
        acceptor.serve([listening])
        silent = await asyncio.open_unix_connection(str(tmp_path / "s"))
        said = []
        for word in (b"one", b"two"):
            reader, writer = await asyncio.open_unix_connection(str(tmp_path / "s"))
            writer.write(word)
            said.append(await reader.read(10))
            writer.close()
        said.append(await silent[0].read(10))
        silent[1].close()
        await acceptor.close()
        listening.close()
        return said

    assert asyncio.run(run()) == [b"one", b"two", b""]
    assert peers == [os.getpid()] * 3
