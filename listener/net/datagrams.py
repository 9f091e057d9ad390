"""UDP for traps: a `DatagramExchange` takes one datagram, `Datagrams` does the rest on the loop.

    datagram -> rates (of its source, of all) -> exchange -> Record: in the journal, on disk -> Send: one answer

The steps are those of a conversation, and like it an exchange never sees a socket. What UDP adds: anybody can put any
source address on a datagram, so an answer is never more than `DatagramExchange.growth` times as long as what it
answers, no datagram is answered twice, and a source is served at a limited rate. Whatever is counted per source is
bounded, and so is what waits for the journal: where much waits, what cannot be bait is dropped, so that what may be is
answered while somebody listens for the answer; beyond the bound the kernel's queue fills and datagrams are lost, which
UDP allows.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from canaries.core import clock
from listener.journal.journal import JournalError
from listener.net.addresses import normal
from listener.net.rate_limit import RateLimit
from listener.protocol.datagram_exchange import DatagramExchange, exchange_datagram

if TYPE_CHECKING:
    from listener.net.context import TrapContext

log = logging.getLogger(__name__)

_LARGEST = 65_535
_READ, _SERVED = 512, 64
"""Datagrams read in a row, and served of them, before others get their turn."""
_QUEUE = 4 << 20
"""Bytes of datagrams that the kernel may queue while the process is busy."""
_CROWDED = 4
"""What cannot be bait has so small a part of the places before the journal, and as many to wait for these."""
_IP_PKTINFO = 8
"""ip(7); the socket module has a name for it from Python 3.14 on only."""
_PKTINFO = struct.Struct("@i4s4s")
"""struct in_pktinfo: interface index, the address that it was sent to, address in the header."""


class Datagrams:
    """Serves UDP sockets for one trap."""

    def __init__(
        self,
        front: TrapContext,
        trap: str,
        exchange: DatagramExchange,
        rates: RateLimit,
        *,
        waiting: int = 1024,
    ) -> None:
        """``waiting``: datagrams that may wait for the journal at a time."""
        self._front, self._trap, self._exchange, self._rates = front, trap, exchange, rates
        self._waiting = waiting
        self.sockets: list[socket.socket] = []
        """What it serves."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._later: deque[_Datagram] = deque()
        """What cannot be bait, and waits until there is time for it."""
        self._reading = self._closing = False
        self.dropped = 0
        """Datagrams beyond the rates, or what the journal takes."""

    def serve(self, sockets: Iterable[socket.socket]) -> None:
        """Begin to serve these bound sockets."""
        for sock in sockets:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _QUEUE)  # the kernel gives what it allows
            if sock.family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            else:
                sock.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
            self.sockets.append(sock)
        self._resume()

    async def close(self, grace: float = 2.0) -> None:
        """Read no more; what is on its way to the journal gets ``grace`` seconds."""
        self._closing = True
        self._pause()
        while self._later:
            self._begin(self._later.popleft())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sock in self.sockets:
            sock.close()
        self.sockets.clear()

    def _resume(self) -> None:
        if not self._reading and not self._closing:
            self._reading = True
            for sock in self.sockets:
                asyncio.get_running_loop().add_reader(sock.fileno(), self._read, sock)

    def _pause(self) -> None:
        if self._reading:
            self._reading = False
            for sock in self.sockets:
                asyncio.get_running_loop().remove_reader(sock.fileno())

    def _read(self, sock: socket.socket) -> None:
        now, served = asyncio.get_running_loop().time(), 0
        for _ in range(_READ):
            if len(self._tasks) >= self._waiting:
                self._pause()
                return
            if served >= _SERVED:
                return
            try:
                data, extra, _, source = sock.recvmsg(_LARGEST, 128)
            except BlockingIOError:
                break
            except OSError as problem:  # an ICMP error that an earlier answer met
                log.debug("%s: %s", self._trap, problem.strerror)
                continue
            likely = self._exchange.likely(data)
            allowed = self._rates.allow(source[0], now, likely)
            if allowed and likely:
                self._begin(_Datagram(sock, data, extra, source))
                served += 1
            elif allowed and len(self._later) * _CROWDED < self._waiting:
                self._later.append(_Datagram(sock, data, extra, source))
            else:
                self.dropped += 1
                self._front.count(self._trap, "dropped")
        self._go_on(_SERVED)

    def _go_on(self, most: int) -> None:
        """Begin with so much of what has to wait, where there is room for it."""
        for _ in range(most):
            if not self._later or len(self._tasks) * _CROWDED >= self._waiting:
                return
            self._begin(self._later.popleft())

    def _begin(self, datagram: _Datagram) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(datagram))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if len(self._tasks) <= self._waiting // 2:
            self._resume()
        self._go_on(1)

    async def _serve(self, datagram: _Datagram) -> None:
        sock, data, source = datagram.sock, datagram.data, datagram.source
        meant = _meant(datagram.extra)
        note, answer = exchange_datagram(self._exchange, data)
        host, port = sock.getsockname()[:2]
        sighting = self._front.sighting(
            trap=self._trap,
            observed_at=datagram.arrived,
            peer=(str(normal(source[0])), source[1]),
            local=(meant.address or host, port),
            transport="udp",
            raw=data,
            size=len(data),
            connection=self._front.next_connection(),
            answer=note.what,
            notes={"request": note.what, **note.shown},
        )
        try:
            await self._front.journal.append(sighting)
            if answer:
                sock.sendmsg([answer], meant.reply, 0, source)
        except JournalError:
            self._front.count(self._trap, "unrecorded")
            return  # nobody gets an answer that is not on disk
        except OSError as problem:  # the queue is full, no route: the answer is lost, as any datagram may be
            log.debug("%s: no answer sent: %s", self._trap, problem.strerror)


@dataclass(frozen=True, slots=True)
class _Datagram:
    """One that was read and is served."""

    sock: socket.socket
    data: bytes
    extra: list[tuple[int, int, bytes]]
    source: Any
    arrived: int = field(default_factory=clock.micros)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Which of this machine's addresses a datagram was for; answers come from there, wherever the socket is bound."""

    address: str = ""
    reply: tuple[tuple[int, int, bytes], ...] = ()
    """Ancillary data of the answer."""


def _meant(extra: list[tuple[int, int, bytes]]) -> _Meant:
    for level, kind, data in extra:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO):
            _, ours, _ = _PKTINFO.unpack(data)
            reply = _PKTINFO.pack(0, ours, bytes(4))  # index 0: the route decides on the interface
            return _Meant(socket.inet_ntop(socket.AF_INET, ours), ((level, kind, reply),))
        if (level, kind) == (
            socket.IPPROTO_IPV6,
            socket.IPV6_PKTINFO,
        ):  # RFC 3542, 6.2: address, interface index
            return _Meant(str(normal(socket.inet_ntop(socket.AF_INET6, data[:16]))), ((level, kind, data),))
    return _Meant()
