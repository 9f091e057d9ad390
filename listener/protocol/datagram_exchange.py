"""A protocol of single datagrams, with no socket in sight: one datagram in, a record first, then at most one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from listener.protocol.conversation import Record, Send
from listener.protocol.identity import Identity


class DatagramExchange(ABC):
    """A protocol of single datagrams. Never knows what is bait, remembers nothing of one datagram for the next."""

    growth: ClassVar[int] = 1
    """An answer is at most this many times as long as its question."""

    def __init__(self, identity: Identity, settings: Any) -> None:
        self.identity, self.settings = identity, settings

    def likely(self, data: bytes) -> bool:
        """Whether a datagram may be bait, by a check that the front's key makes: in a flood these go first. True where
        there is no such check."""
        return True

    @abstractmethod
    def respond(self, data: bytes) -> Iterable[Record | Send]:
        """One datagram: a note first, then at most one answer. Raises anything on bytes it cannot take."""


def exchange_datagram(exchange: DatagramExchange, data: bytes) -> tuple[Record, bytes]:
    """What is noted of a datagram, and the answer (empty: none), never longer than the exchange may answer.

    Hostile bytes cost the imitation, never the record of them.
    """
    note, answer = Record("unread"), b""
    try:
        for step in exchange.respond(data):
            if isinstance(step, Record):
                note = step
            else:
                answer = step.data
    except Exception as problem:  # noqa: BLE001  see above
        return Record("unreadable", {"error": type(problem).__name__}), b""
    return note, answer if len(answer) <= exchange.growth * len(data) else b""
