"""Traps of protocols of lines in which the server speaks first, on two lists of addresses: plain, and TLS at once."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from typing import Any

from listener.net.context import TrapContext
from listener.traps._stream import StreamSettings, StreamTrap


@dataclass(frozen=True, slots=True)
class LineSettings(StreamSettings):
    """What such a trap can be told beside what every one can."""

    tls_bind: tuple[str, ...] = ()
    """Addresses, ``host:port``, where TLS comes before the greeting."""


class LineTrap(StreamTrap):
    """A trap on two lists of addresses: plain at first, and TLS at once."""

    def __init__(self, settings: LineSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        self._told = _resolved(settings, front)
        self._tls_acceptor = self._new_acceptor(tls=True)

    @classmethod
    def addresses(cls, settings: Any) -> tuple[str, ...]:
        return (*settings.bind, *settings.tls_bind)

    async def open(self, sockets: list[socket.socket]) -> None:
        plain = len(self.settings.bind)
        await super().open(sockets[:plain])
        self._tls_acceptor.serve(sockets[plain:])

    async def close(self) -> None:
        await super().close()
        await self._tls_acceptor.close()


def _resolved(settings: LineSettings, front: TrapContext) -> Any:
    """The settings with STARTTLS decided where they leave it open."""
    if getattr(settings, "starttls", False) is None:
        return replace(settings, starttls=front.certificates.configured)  # type: ignore[call-arg]
    return settings
