"""Traps over UDP, and over UDP and TCP on one port."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import ClassVar

from listener.evidence import observed
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.net.context import TrapContext
from listener.net.datagrams import Datagrams
from listener.net.rate_limit import RateLimit
from listener.protocol.candidates import sighting_candidates
from listener.protocol.datagram_exchange import DatagramExchange
from listener.traps import Trap
from listener.traps._stream import StreamSettings, StreamTrap


@dataclass(frozen=True, slots=True)
class DatagramSettings:
    """What every trap over UDP can be told; a trap's own settings inherit it and give ``bind`` its port."""

    bind: tuple[str, ...] = ()
    """Addresses, ``host:port``."""
    datagrams_a_second: float = 2000.0
    """Of all sources together; more are dropped unread."""
    datagrams_a_second_per_source: float = 100.0
    """Of one IPv4 address, or one IPv6 network of 64 bits; ten seconds' worth may come at once."""

    def __post_init__(self) -> None:
        RateLimit(self.datagrams_a_second, self.datagrams_a_second_per_source)


def _datagrams(trap: Trap, exchange: type[DatagramExchange]) -> Datagrams:
    settings = trap.settings
    rates = RateLimit(settings.datagrams_a_second, settings.datagrams_a_second_per_source)
    return Datagrams(trap.front, trap.name, exchange(trap.front.identity, settings), rates)


class DatagramTrap(Trap):
    """A trap over UDP alone. The sub-class names it, its settings and its exchange."""

    transports = ("udp",)
    exchange: ClassVar[type[DatagramExchange]]

    def __init__(self, settings: DatagramSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        self._datagrams = _datagrams(self, self.exchange)

    async def open(self, sockets: list[socket.socket]) -> None:
        self._datagrams.serve(sockets)

    async def close(self) -> None:
        await self._datagrams.close()

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """What the exchange noted, and every string in it; then every word of the raw bytes."""
        found = sighting_candidates(sighting)
        return Reading(observed.from_notes(sighting.notes), found.all(), found.bounds)


@dataclass(frozen=True, slots=True)
class BothSettings(StreamSettings):
    """For a trap over UDP and TCP."""

    datagrams_a_second: float = 2000.0
    """Over UDP, of all sources together; more are dropped unread."""
    datagrams_a_second_per_source: float = 100.0
    """Of one IPv4 address, or one IPv6 network of 64 bits; ten seconds' worth may come at once."""

    def __post_init__(self) -> None:
        StreamSettings.__post_init__(self)
        RateLimit(self.datagrams_a_second, self.datagrams_a_second_per_source)


class BothTrap(StreamTrap):
    """A trap over UDP and TCP on one port: an exchange for the one, a conversation for the other."""

    transports = ("udp", "tcp")
    exchange: ClassVar[type[DatagramExchange]]

    def __init__(self, settings: BothSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        self._datagrams = _datagrams(self, self.exchange)

    async def open(self, sockets: list[socket.socket]) -> None:
        self._datagrams.serve([sock for sock in sockets if sock.type == socket.SOCK_DGRAM])
        await super().open([sock for sock in sockets if sock.type == socket.SOCK_STREAM])

    async def close(self) -> None:
        await asyncio.gather(self._datagrams.close(), super().close())
