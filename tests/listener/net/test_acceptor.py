"""The door with a trap that is not HTTP: it hands over streams, counts sources, closes in time."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
from pathlib import Path
from typing import Any

import pytest

from canaries.crypto.sealed_box import BoxOpener
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.journal import segment
from listener.journal.journal import Journal
from listener.net.acceptor import Acceptor, AcceptorLimits
from listener.net.connection import Connection, ConnectionInfo
from listener.net.context import TrapContext
from listener.net.networks import Networks
from listener.net.proxy_protocol import SIGNATURE
from listener.runtime.front_files import front_files
from tests import steady


@pytest.fixture
def folder(home: Home) -> Path:
    return front_files(home)


async def open_door(
    home: Home, folder: Path, serve: Any, proxies: tuple[str, ...] = (), **limits: Any
) -> tuple[Acceptor, TrapContext, socket.socket]:
    front = TrapContext.load(folder, Journal(home.journal_folder, home.keys.journal_public))
    door = Acceptor(
        front, "echo", serve, limits=AcceptorLimits(**limits), proxies=Networks(proxies), tls=False
    )
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
        await asyncio.sleep(10 * steady.PATIENCE)

    async def run() -> None:
        door, front, listening = await open_door(home, folder, stubborn)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        await reader.read(1)
        await asyncio.wait_for(door.close(grace=0.1), steady.PATIENCE)
        assert await reader.read() == b""
        writer.close()
        await front.journal.close()
        listening.close()

    asyncio.run(run())


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


V1 = b"PROXY TCP4 198.51.100.7 192.0.2.1 56324 443\r\n"
INNER = b"PROXY TCP4 203.0.113.9 192.0.2.1 40001 443\r\n"
OF_A_PROXY = b"PROXY TCP4 127.0.0.9 192.0.2.1 1 443\r\n"
V2 = SIGNATURE + b"\x21\x11\x00\x0c" + bytes([198, 51, 100, 7, 192, 0, 2, 1]) + b"\xdc\x04\x01\xbb"


def through_a_proxy(
    home: Home, folder: Path, packets: list[bytes], greeting_seconds: float = 20.0
) -> tuple[list[ConnectionInfo], list[Sighting]]:
    """What the trap is told of, and what is in the journal, where these packets come from a configured proxy."""
    served: list[ConnectionInfo] = []

    async def keep(stream: Connection) -> None:
        served.append(stream.info)
        while await stream.read():
            pass

    async def run() -> None:
        door, front, listening = await open_door(
            home, folder, keep, ("127.0.0.0/8",), greeting_seconds=greeting_seconds
        )
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):  # what is refused is reset
            for packet in packets:
                writer.write(packet)
                await writer.drain()
                await asyncio.sleep(0.01)
            if greeting_seconds > 10:
                writer.write_eof()
            await reader.read()
        writer.close()
        await door.close()
        await front.journal.close()
        listening.close()

    asyncio.run(run())
    opener = BoxOpener(home.keys.journal, "journal")
    found = [
        one
        for path in segment.segments(home.journal_folder)
        for frame in segment.frames(path, opener)
        for one in frame.sightings
    ]
    return served, found


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
@pytest.mark.parametrize("size", [1, 5, 100])
def test_a_proxy_header_counts_however_its_packets_are_cut(
    home: Home, folder: Path, header: bytes, size: int
) -> None:
    whole = header + b"hello"
    (info,), _ = through_a_proxy(home, folder, [whole[at : at + size] for at in range(0, len(whole), size)])
    assert info.client == ("198.51.100.7", 56324)


def test_two_proxies_that_both_write_a_header_are_both_read(home: Home, folder: Path) -> None:
    (info,), _ = through_a_proxy(home, folder, [OF_A_PROXY + INNER + b"hello"])
    assert info.client == ("203.0.113.9", 40001)
    assert info.via is not None
    assert info.via["chain"] == ["127.0.0.9", "127.0.0.1"]


def test_a_second_header_of_a_stranger_is_noted_and_not_believed(home: Home, folder: Path) -> None:
    (info,), _ = through_a_proxy(home, folder, [V1 + INNER + b"hello"])
    assert info.client == ("198.51.100.7", 56324)
    assert info.via is not None
    assert "not believed" in info.via["note"]


@pytest.mark.parametrize(
    ("packets", "reason"),
    [
        ([b"GET /x HTTP/1.1\r\n\r\n"], "no PROXY protocol header"),
        ([b"proxy TCP4 198.51.100.7 192.0.2.1 1 2\r\n"], "no PROXY protocol header"),
        ([V1.replace(b" 443", b"")], "another form"),
        ([V1.replace(b"TCP4", b"TCP6")], "mixes address families"),
        ([V1.replace(b"56324", b"66324")], "holds no port"),
        ([V1[:30]], "not complete"),
        ([V2[:20]], "not complete"),
        ([SIGNATURE + b"\x31\x11\x00\x0c"], "another version"),
    ],
)
def test_a_header_that_is_wrong_leaves_a_sighting_with_the_reason(
    home: Home, folder: Path, packets: list[bytes], reason: str
) -> None:
    served, (found,) = through_a_proxy(home, folder, packets)
    assert not served
    assert reason in str(found.notes["error"])
    assert found.raw == b"".join(packets)


def test_a_header_that_comes_too_late_leaves_what_there_was(home: Home, folder: Path) -> None:
    served, (found,) = through_a_proxy(home, folder, [V1[:30]], greeting_seconds=0.3)
    assert not served
    assert (found.raw, found.notes["error"]) == (V1[:30], "the PROXY header is not complete")


def test_where_it_is_full_the_one_that_said_least_goes_and_others_get_in(home: Home, folder: Path) -> None:
    async def run() -> tuple[int, bytes, bytes]:
        door, front, listening = await open_door(home, folder, echo, total=3, per_source=3)
        place = listening.getsockname()
        held = [await asyncio.open_connection(*place) for _ in range(3)]
        for reader, _ in held:
            await reader.read(6)
        for _, writer in (held[0], held[2]):
            writer.write(b"something")
        assert await held[0][0].read(9) == await held[2][0].read(9) == b"something"
        reader, writer = await asyncio.open_connection(*place, local_addr=("127.0.9.1", 0))
        said, ended = await reader.read(6), await held[1][0].read()
        for other in (writer, *(each for _, each in held)):
            other.close()
        await door.close()
        await front.journal.close()
        listening.close()
        assert front.counts() == {"echo": {"evicted": 1}}
        return door.evicted, said, ended

    assert asyncio.run(run()) == (1, b"hello ", b"")
