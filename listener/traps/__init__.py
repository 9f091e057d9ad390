"""The contract of a trap: one file in this folder speaks one protocol.

A trap has two halves that never run in the same process:

* the *front* half (`open`, `close`) holds the conversation. It never decides anything by whether a token is known: it
  cannot know. It calls ``front.journal.append`` and answers only after that has returned.
* the *back* half (`read`, a static function) works out of the raw bytes what was observed and which strings in it might
  be tokens. It must not raise on any bytes; where it does, intake records the hit without its details. Where most of
  what comes is noise, `sift` gives the strings alone, at a smaller price.
"""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from listener.evidence.reading import Reading
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting

if TYPE_CHECKING:
    from listener.net.context import TrapContext

FOLDER = __name__


class Trap(ABC):
    """An endpoint that speaks one protocol and notices tokens."""

    name: ClassVar[str]
    """As in ``[traps.NAME]``."""
    transports: ClassVar[tuple[str, ...]] = ("tcp",)
    """``tcp``, ``udp`` or both: the supervisor binds every address for each, with one port number."""
    local: ClassVar[bool] = False
    """Whether it also serves ``unix:/path``, where a peer has no address."""
    baited: ClassVar[bool] = True
    """Whether bait leads to it; False where only the operator's own programs are expected."""
    Settings: ClassVar[type[Any]]
    """A frozen dataclass; has at least ``bind: tuple[str, ...]`` (``host:port``, port 0: any free one)."""

    def __init__(self, settings: Any, front: TrapContext) -> None:
        self.settings, self.front = settings, front

    @classmethod
    def addresses(cls, settings: Any) -> tuple[str, ...]:
        """What the supervisor binds, in the order in which `open` gets the sockets."""
        return tuple(settings.bind)

    @abstractmethod
    async def open(self, sockets: list[socket.socket]) -> None:
        """Start serving these sockets, which the supervisor has bound (and keeps, over a restart of the front)."""

    @abstractmethod
    async def close(self) -> None:
        """Stop taking new work; what was answered is already in the journal."""

    @staticmethod
    @abstractmethod
    def read(sighting: Sighting) -> Reading:
        """The back half."""

    @classmethod
    def sift(cls, sighting: Sighting) -> Reading:
        """At least the candidates of `read`; asked of every sighting, `observe` then of those that hold bait."""
        return cls.read(sighting)

    @classmethod
    def observe(cls, sighting: Sighting) -> Observed:
        """What `read` says was observed; for what `sift` has looked through."""
        return cls.read(sighting).observed
