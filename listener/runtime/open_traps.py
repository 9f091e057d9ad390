"""The sockets of the traps that are open: bound and kept by the supervisor, handed to the front that serves them.

Where a trap is opened or shut while the front runs, its sockets go to the front over a socket pair (SCM_RIGHTS,
unix(7)): no other trap and no connection of another is touched.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio.subprocess import Process
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from canaries.core import clock
from canaries.core.errors import TraplineError
from listener.health.state import UNNEEDED
from listener.net.sockets import places
from listener.runtime.bindings import bind_trap
from listener.runtime.front import TrapOrder
from listener.runtime.needed_traps import TrapNeeds

if TYPE_CHECKING:
    from canaries.core.settings import Settings

_RETRY_SECONDS = 5.0
"""Before a port that is held by another program is tried again."""

_LOOK_SECONDS = 0.05
"""How often is looked whether bait was minted that leads to a trap which is shut: eight bytes of a mapped file."""

Sockets = dict[str, list[socket.socket]]
Addresses = dict[str, list[str]]


@dataclass(slots=True)
class _Channel:
    """The way to one front."""

    process: Process
    sock: socket.socket
    told: set[str] = field(default_factory=set)
    """The traps that it has been given."""


class OpenTraps:
    """Of one listener."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.sockets: Sockets = {}
        """Of each trap that is open."""
        self.shut: dict[str, str] = {}
        """Of each trap that is set up and not open: why."""
        self._say, self._channels = say, list[_Channel]()
        self._retry_at = 0.0

    def begin(self, sockets: Sockets, traps: Iterable[str]) -> None:
        """What is open when the listener starts, of ``traps``."""
        self.sockets = sockets
        self.shut = {name: UNNEEDED for name in traps if name not in sockets}
        for name in sorted(self.shut):
            self._say(f"{name} stays shut until there is bait that leads to it")

    def addresses(self) -> Addresses:
        """Where each trap that is open listens."""
        return {name: places(sockets) for name, sockets in self.sockets.items()}

    async def follow(self, needs: TrapNeeds, settings: Callable[[], Settings], busy: asyncio.Lock) -> None:
        """Open what live bait has come to need, and shut what it needs no more, while nobody holds ``busy``."""
        while True:
            if not busy.locked():
                now, names = settings(), self.sockets.keys() | self.shut.keys()
                if (wanted := needs.changed(now, names, retry=self.failing)) is not None:
                    self.settle(now, wanted, names)
                self.tell(now)
            await asyncio.sleep(_LOOK_SECONDS)

    @property
    def failing(self) -> bool:
        """Whether one that should be open cannot be."""
        return any(why != UNNEEDED for why in self.shut.values())

    def settle(self, settings: Settings, wanted: Iterable[str], traps: Iterable[str]) -> None:
        """Open and shut what has to be: of ``traps`` those that are ``wanted``. What cannot be opened is said, and
        tried again."""
        wanted = set(wanted)
        for name in sorted(self.sockets.keys() - wanted):
            self._close(name)
            self._say(f"{name} is shut: {UNNEEDED}")
        again = clock.monotonic() >= self._retry_at
        for name in sorted(wanted - self.sockets.keys()):
            if name in self.shut and self.shut[name] != UNNEEDED and not again:
                continue
            try:
                self.sockets[name] = bind_trap(name, settings)
            except TraplineError as error:
                self._retry_at = clock.monotonic() + _RETRY_SECONDS
                if self.shut.get(name) != error.sentence:
                    self._say(f"bait leads to {name}, which stays shut: {error.sentence}")
                self.shut[name] = error.sentence
            else:
                self._say(f"{name} listens on {', '.join(places(self.sockets[name]))}: bait leads there now")
        kept = {name: self.shut.get(name, UNNEEDED) for name in traps if name not in self.sockets}
        self.shut = {name: why if name in wanted else UNNEEDED for name, why in kept.items()}

    def join(self, process: Process, sock: socket.socket, names: Iterable[str]) -> None:
        """A front that has begun with ``names`` open; ``sock``: its end of a pair is in the front."""
        self._channels.append(_Channel(process, sock, set(names)))

    def tell(self, settings: Settings) -> None:
        """Let every front that runs have what has changed."""
        for channel in list(self._channels):
            if channel.process.returncode is not None:
                channel.sock.close()
                self._channels.remove(channel)
            elif channel.told != self.sockets.keys():
                with contextlib.suppress(
                    OSError
                ):  # it is ending, or its buffer is full: it is told the next time
                    self._send(channel, settings)

    def _send(self, channel: _Channel, settings: Settings) -> None:
        for name in sorted(channel.told - self.sockets.keys()):
            channel.sock.send(msgspec.json.encode(TrapOrder(name)))
            channel.told.discard(name)
        for name in sorted(self.sockets.keys() - channel.told):
            order = TrapOrder(name, dict(settings.traps.get(name, {})))
            descriptors = [sock.fileno() for sock in self.sockets[name]]
            socket.send_fds(channel.sock, [msgspec.json.encode(order)], descriptors)
            channel.told.add(name)

    def _close(self, name: str) -> None:
        for sock in self.sockets.pop(name):
            sock.close()

    def close(self) -> None:
        """Close all of it."""
        for name in list(self.sockets):
            self._close(name)
        for channel in self._channels:
            channel.sock.close()
