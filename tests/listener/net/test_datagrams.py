"""Datagrams on real sockets: recorded before answered, never more than asked for, from the address that was asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from listener.evidence.sighting import Sighting
from listener.journal.journal import JournalError
from listener.net.context import TrapContext
from listener.net.datagrams import Datagrams
from listener.net.rate_limit import RateLimit
from listener.protocol.conversation import Record, Send
from listener.protocol.datagram_exchange import DatagramExchange
from listener.protocol.identity import Identity
from tests import steady


class Echo(DatagramExchange):
    """Answers as the datagram says: ``N`` nothing, ``L`` longer than it came, ``X`` raises, else the same. ``Z`` cannot
    be bait."""

    def likely(self, data: bytes) -> bool:
        return not data.startswith(b"Z")

    def respond(self, data: bytes) -> Iterable[Record | Send]:
        if data.startswith(b"X"):
            raise ValueError("bytes")
        yield Record("echo", {"said": data.decode("latin-1")})
        if not data.startswith(b"N"):
            yield Send(data * 2 if data.startswith(b"L") else data)


class Kept:
    """A journal in memory, as slow and as broken as a test wants."""

    def __init__(self) -> None:
        self.sightings: list[Sighting] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = False

    async def append(self, sighting: Sighting) -> None:
        await self.gate.wait()
        if self.broken:
            raise JournalError("the disk is full")
        self.sightings.append(sighting)


class Served:
    """`Datagrams` on one address, with a client."""

    def __init__(
        self, address: str, *, rates: RateLimit | None = None, waiting: int = 64, bind: str = ""
    ) -> None:
        self.journal = Kept()
        front = TrapContext(cast(Any, self.journal), Identity(b"k" * 32), cast(Any, None), "f", {})
        exchange = Echo(front.identity, None)
        self.datagrams = Datagrams(front, "echo", exchange, rates or RateLimit(1e6, 1e6), waiting=waiting)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening, self.client = (
            socket.socket(family, socket.SOCK_DGRAM),
            socket.socket(family, socket.SOCK_DGRAM),
        )
        listening.bind((bind or address, 0))
        self.client.setblocking(False)
        self.client.connect((address, listening.getsockname()[1]))
        self.datagrams.serve([listening])

    async def ask(self, data: bytes, seconds: float = steady.PATIENCE) -> bytes | None:
        self.client.send(data)
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.client, 65_535), seconds)
        except TimeoutError:
            return None

    async def close(self) -> None:
        await self.datagrams.close()
        self.client.close()


def run(work: Callable[[], Any]) -> None:
    asyncio.run(work())


@pytest.mark.parametrize(
    ("address", "bind"), [("127.0.0.1", ""), ("::1", ""), ("127.0.0.3", "0.0.0.0"), ("::1", "::")]
)
def test_an_answer_comes_from_the_address_that_was_asked_and_is_recorded_with_it(
    address: str, bind: str
) -> None:
    async def work() -> None:
        served = Served(address, bind=bind)
        assert (
            await served.ask(b"hello") == b"hello"
        )  # the client is connected: another address would not reach it
        sighting = served.journal.sightings[0]
        assert (sighting.raw, sighting.size, sighting.transport) == (b"hello", 5, "udp")
        assert sighting.peer == served.client.getsockname()[:2]
        assert sighting.local == served.client.getpeername()[:2]
        assert sighting.notes == {"request": "echo", "said": "hello"}
        await served.close()

    run(work)


def test_nothing_is_answered_before_it_is_on_disk_nor_where_it_cannot_be() -> None:
    async def work() -> None:
        served = Served("127.0.0.1")
        served.journal.gate.clear()
        assert await served.ask(b"early", 0.1) is None
        served.journal.broken = True
        served.journal.gate.set()
        assert await served.ask(b"late", 0.1) is None
        await served.close()

    run(work)


def test_what_an_exchange_cannot_take_is_recorded() -> None:
    async def work() -> None:
        served = Served("127.0.0.1")
        assert await served.ask(b"X", 0.1) is None
        await steady.soon(lambda: [one.answer for one in served.journal.sightings] == ["unreadable"])
        assert await served.ask(b"hello") == b"hello"
        await served.close()

    run(work)


def test_beyond_the_rate_nothing_is_read_recorded_or_answered() -> None:
    async def work() -> None:
        served = Served("127.0.0.1", rates=RateLimit(1e6, 0.5))
        for number in range(20):
            served.client.send(b"N%d" % number)
        await steady.soon(lambda: len(served.journal.sightings) + served.datagrams.dropped >= 20)
        assert (len(served.journal.sightings), served.datagrams.dropped) == (5, 15)
        await served.close()

    run(work)


def test_a_slow_disk_makes_the_kernel_wait_and_nothing_is_lost_that_fits_there() -> None:
    async def work() -> None:
        served = Served("127.0.0.1", waiting=4)
        served.journal.gate.clear()
        for number in range(50):
            served.client.send(b"N%d" % number)
        await steady.soon(lambda: len(asyncio.all_tasks()) == 4 + 1)
        for _ in range(20):  # and it stays so
            await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) <= 4 + 1
        served.journal.gate.set()
        await steady.soon(lambda: len(served.journal.sightings) == 50)
        await served.close()

    run(work)


def test_behind_a_slow_disk_what_may_be_bait_goes_before_what_cannot_be() -> None:
    async def work() -> None:
        served = Served("127.0.0.1", waiting=64)
        served.journal.gate.clear()
        for number in range(100):  # few enough for the kernel's queue, however small that is
            if number == 16:
                await steady.soon(lambda: len(asyncio.all_tasks()) == 1 + 16)
            served.client.send(b"Z%d" % number)
        await steady.soon(lambda: served.datagrams.dropped == 100 - 16 - 16)
        served.client.send(b"bait")
        await steady.soon(lambda: len(asyncio.all_tasks()) == 1 + 16 + 1)
        served.journal.gate.set()
        await steady.soon(lambda: len(served.journal.sightings) == 16 + 1 + 16)
        raw = [sighting.raw for sighting in served.journal.sightings]
        assert raw == [
            *(b"Z%d" % number for number in range(16)),
            b"bait",
            *(b"Z%d" % n for n in range(16, 32)),
        ]
        await served.close()

    run(work)


def test_what_may_be_bait_is_served_before_what_came_before_it() -> None:
    """Whatever the kernel holds is read in a row."""

    async def work() -> None:
        served = Served("127.0.0.1", waiting=1024)
        for number in range(200):
            served.client.send(b"Z%d" % number)
        served.client.send(b"bait")
        await steady.soon(lambda: len(served.journal.sightings) == 201)
        assert served.journal.sightings[0].raw == b"bait"
        await served.close()

    run(work)


def test_closing_waits_for_what_is_on_its_way() -> None:
    async def work() -> None:
        served = Served("127.0.0.1")
        served.journal.gate.clear()
        served.client.send(b"N")
        await steady.soon(lambda: len(asyncio.all_tasks()) == 2)
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, served.journal.gate.set)
        number = served.datagrams.sockets[0].fileno()
        await served.close()
        assert len(served.journal.sightings) == 1
        assert not loop.remove_reader(number), "and nothing is read any more"

    run(work)
