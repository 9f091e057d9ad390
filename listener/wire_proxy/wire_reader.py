"""The contract of a reader: bytes that pass, in both directions, to statements that touched something. No sockets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

from listener.wire_proxy.recogniser import Recogniser
from listener.wire_proxy.session import SeenStatement, WireSession

MOST_MARKS = 200
"""Rows of a statement that are told at a time."""


class WireReader(ABC):
    """One connection. What it cannot read it says (`unread`), and it is not asked again."""

    def __init__(self, recogniser: Recogniser, session: WireSession, now: Callable[[], str]) -> None:
        """``now``: RFC 3339."""
        self._recogniser, self.session, self._now = recogniser, session, now
        self._ended: list[SeenStatement] = []
        self._open: SeenStatement | None = None
        """What is being answered."""
        self.unread = ""
        """Why what passes is not read any more; empty: it is."""

    def use(self, recogniser: Recogniser) -> None:
        """From the next statement on."""
        self._recogniser = recogniser

    def client(self, data: bytes) -> None:
        """What the client sends. Never raises."""
        self._read(self._client, data)

    def server(self, data: bytes) -> None:
        """What the server sends. Never raises."""
        self._read(self._server, data)

    def _read(self, part: Callable[[bytes], None], data: bytes) -> None:
        if self.unread:
            return
        try:
            part(data)
        except (ValueError, IndexError, OverflowError) as error:
            self.unread = f"it is not understood: {type(error).__name__}"

    def take(self, *, now: bool) -> list[SeenStatement]:
        """What is to be told: of statements that ended, and of a large one; ``now``: of any."""
        found, self._ended = self._ended, []
        still = self._open
        if now:
            found += [one.taken() for one in self._unanswered() if one.touched]
        elif still is not None and len(still.marks) + len(still.found) >= MOST_MARKS:
            found.append(still.taken())
        return found

    def _finish(self, statement: SeenStatement) -> None:
        """It was answered."""
        if statement.touched:
            self._ended.append(statement.taken())
        if statement is self._open:
            self._open = None

    @abstractmethod
    def _unanswered(self) -> Iterable[SeenStatement]:
        """Statements that were sent and whose answer is not whole."""

    @abstractmethod
    def begin(self, body: bytes) -> None:
        """The client's first message, in which it says who it is."""

    @abstractmethod
    def _client(self, data: bytes) -> None: ...

    @abstractmethod
    def _server(self, data: bytes) -> None: ...
