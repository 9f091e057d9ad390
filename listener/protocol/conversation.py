"""A wire protocol as a conversation of bytes, with no socket in sight, and what runs it for a trap.

A `Conversation` is fed what came and says what happens next, as steps in order:

    Send(bytes)          send this
    Record(what, shown)  something worth recording happened: it is on disk before the next step is taken
    StartTls()           speak TLS from here on (STARTTLS and its like)
    Close()              end the connection

So "recorded before answered" is the order of two steps, and a test of a protocol is the conversation itself: bytes in,
steps out, no clock, no network. `StreamTrap` does the rest: limits, TLS, the tee of the exact bytes, the journal. A
conversation that raises on hostile bytes costs its own imitation: the bytes are recorded, the connection is closed.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from listener.protocol.identity import Identity

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Send:
    """Send these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """Something to record before anything else is said."""

    what: str
    """One word for the sighting's ``answer`` and the hit's request: ``login``, ``command``, ``query``."""
    shown: Mapping[str, object] = field(default_factory=dict)
    """What the client showed, decoded: ``user``, ``password``, ``database``, ``client`` (its program and version) ...
    Text, integers and lists of them; text from outside as it came. Its strings are what may be tokens."""


@dataclass(frozen=True, slots=True)
class StartTls:
    """The next bytes are a TLS handshake."""

    early: bytes = b""
    """What of it has come already, where the protocol's clients do not wait for an answer; else what comes behind the
    request for TLS is dropped."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection."""


Step = Send | Record | StartTls | Close


def weight(shown: object) -> int:
    """Roughly the bytes that what a note shows takes of the journal."""
    match shown:
        case str() | bytes():
            return 8 + len(shown)
        case Mapping():
            return sum(weight(key) + weight(value) for key, value in shown.items())
        case list() | tuple():
            return sum(map(weight, shown))
    return 8


class Conversation(ABC):
    """One connection's protocol. Never knows what is bait; keeps no more than it needs."""

    secure: bool = False
    """Whether TLS is spoken; set before `greet` where the connection began with it."""
    peer: str = "localhost"
    """The client's address, for messages that name it."""
    peer_port: int = 0
    """Its port."""

    def __init__(self, identity: Identity, number: int) -> None:
        """``identity`` shapes banners and ids for this installation; ``number`` counts connections (for challenges)."""
        self.identity, self.number = identity, number
        self._buffer = bytearray()
        """What came and is no whole message yet; what is noted is taken out of it before."""

    @property
    def unread(self) -> int:
        """How many of the bytes that came belong to no message yet: they are part of the next note, not of this one."""
        return len(self._buffer)

    def greet(self) -> Iterable[Step]:
        """What the server says first."""
        return ()

    @abstractmethod
    def feed(self, data: bytes) -> Iterable[Step]:
        """The next bytes, at least one; keep what is not complete yet. Raises anything on bytes it cannot take."""
