"""The door with a trap that is not HTTP: it hands over streams, counts sources, closes in time."""

from __future__ import annotations

import asyncio
import gc
import socket
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from listener.journal.journal import Journal
from listener.net.acceptor import Acceptor, AcceptorLimits
from listener.net.connection import Connection
from listener.net.context import TrapContext
from listener.net.networks import Networks
from listener.runtime.front_files import front_files


@pytest.fixture
def folder(home: Home) -> Path:
    return front_files(home)


async def open_door(
    home: Home, folder: Path, serve: Any, **limits: Any
) -> tuple[Acceptor, TrapContext, socket.socket]:
    front = TrapContext.load(folder, Journal(home.journal_folder, home.keys.journal_public))
    door = Acceptor(front, "echo", serve, limits=AcceptorLimits(**limits), proxies=Networks([]), tls=False)
    listening = socket.create_server(("127.0.0.1", 0))
    door.serve([listening])
    return door, front, listening


async def echo(stream: Connection) -> None:
    stream.write(b"hello ")
    while data := await stream.read():
        stream.write(data)


def test_a_trap_may_speak_first(home: Home, folder: Path) -> None:
    async def run() -> bytes:
        door, front, listening = await open_door(home, folder, echo)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        said = await reader.read(6)
        writer.write(b"\x16 no TLS here")
        writer.write_eof()
        said += await reader.read()
        writer.close()
        await writer.wait_closed()
        await door.close()
        await front.journal.close()
        listening.close()
        return said

    assert asyncio.run(run()) == b"hello \x16 no TLS here"


def test_closing_gives_a_conversation_its_grace_and_no_more(home: Home, folder: Path) -> None:
    async def stubborn(stream: Connection) -> None:
        stream.write(b"x")
        await asyncio.sleep(60)

    async def run() -> float:
        loop = asyncio.get_running_loop()
        door, front, listening = await open_door(home, folder, stubborn)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        await reader.read(1)
        began = loop.time()
        await door.close(grace=0.1)
        assert await reader.read() == b""
        writer.close()
        await front.journal.close()
        listening.close()
        return loop.time() - began

    assert asyncio.run(run()) < 2


def test_a_mistake_in_a_trap_ends_one_conversation_and_quotes_nobody(
    home: Home, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def clumsy(stream: Connection) -> None:
        raise ValueError((await stream.read()).decode())

    async def run() -> None:
        door, front, listening = await open_door(home, folder, clumsy)
        for _ in range(2):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(b"hunter2\x1b[31m")
            assert await reader.read() == b""
            writer.close()
        await door.close()
        await front.journal.close()
        listening.close()

    asyncio.run(run())
    gc.collect()  # where a task's exception that nobody asked for is logged
    said = capfd.readouterr().err
    assert said.count("ValueError\n") == 2
    assert "hunter2" not in said


def test_a_source_with_too_many_is_counted_and_refused(home: Home, folder: Path) -> None:
    async def run() -> int:
        door, front, listening = await open_door(home, folder, echo, per_source=2)
        held = [await asyncio.open_connection(*listening.getsockname()) for _ in range(3)]
        assert await held[0][0].read(6) == b"hello "
        assert await held[2][0].read() == b""
        for _, writer in held:
            writer.close()
        await door.close()
        await front.journal.close()
        listening.close()
        return door.refused

    assert asyncio.run(run()) == 1
