"""Who is connected, by network, and who has to go where there is no room: fair between networks.

The one that goes is of the network with most connections, has said least, and came first of those. So whoever opens
many connections and says nothing ends their own, and somebody from elsewhere always gets in.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from listener.net.addresses import neighbourhoods
from listener.net.connection import Connection


@dataclass(eq=False, slots=True)
class Visit:
    """One connection from its acceptance to its end."""

    address: str
    task: asyncio.Task[None] | None = None
    connection: Connection | None = None
    """None until the first bytes say what it speaks."""
    networks: tuple[bytes, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.networks = neighbourhoods(self.address)

    @property
    def said(self) -> int:
        """Bytes that came."""
        return self.connection.said if self.connection else 0


class Visits:
    """All of one acceptor, in the order in which they came."""

    def __init__(self) -> None:
        self._all: dict[Visit, None] = {}
        self._by_network: dict[bytes, dict[Visit, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def tasks(self) -> list[asyncio.Task[None]]:
        """What serves them."""
        return [visit.task for visit in self._all if visit.task is not None]

    def add(self, visit: Visit) -> None:
        """It has come in."""
        self._all[visit] = None
        for network in visit.networks:
            self._by_network.setdefault(network, {})[visit] = None

    def discard(self, visit: Visit) -> None:
        """It has ended, or must."""
        self._all.pop(visit, None)
        for network in visit.networks:
            members = self._by_network.get(network, {})
            members.pop(visit, None)
            if not members:
                self._by_network.pop(network, None)

    def evict(self) -> Visit:
        """End one. There must be some."""
        crowded = max(self._by_network.values(), key=len)
        victim = min(crowded, key=lambda visit: visit.said)
        self.discard(victim)
        if victim.task is not None:
            victim.task.cancel()
        return victim
