"""Protocols of lines in which the server speaks first: SMTP, IMAP, POP3, FTP.

As nobody can tell TLS by the first byte where the server has to speak first, such a trap has a second list of
addresses, ``tls_bind``, on which TLS comes before the greeting.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from canaries.core.text import decoded
from listener.protocol import sasl
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.identity import Identity

LONGEST_LINE = 16_384
"""Bytes. RFC 4954, section 4, asks for 12,288 where SASL is spoken."""
_SHOWN = 1024


class OverlongError(ValueError):
    """The line is longer than the server takes, or does not end."""


class LineConversation(Conversation):
    """Splits what is received into lines."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while (steps := self._heard()) is not None:
            for step in steps:
                yield step
                if isinstance(step, Close):
                    return

    def _heard(self) -> Iterable[Step] | None:
        try:
            return self._next()
        except OverlongError:
            return self.overlong()

    def note(self, what: str, **shown: Any) -> Record:
        """A note."""
        return Record(what, shown)

    def longest(self) -> int:
        """Bytes that the next line may have, without its end."""
        return LONGEST_LINE

    def overlong(self) -> Iterable[Step]:
        """What a longer line leads to. Raises OverlongError where nothing is said of it."""
        raise OverlongError("the line does not end")

    def _ended(self, farewell: bytes) -> Iterator[Step]:
        """The connection is over with a line that is too long, of which the beginning is noted."""
        begun = decoded(bytes(self._buffer[:_SHOWN]))
        self._buffer.clear()
        yield self.note("command", command=begun)
        yield Send(farewell)
        yield Close()

    def _next(self) -> Iterable[Step] | None:
        """What the next complete piece leads to; None while there is none. Raises ValueError on what is none."""
        line = self._line()
        return None if line is None else self.line(line)

    def _line(self) -> bytes | None:
        """The next line without its end; a bare LF ends one too, as people at a terminal send it."""
        end, longest = self._buffer.find(b"\n"), self.longest()
        if end > longest + 1 or (end < 0 and len(self._buffer) > longest + 1):
            raise OverlongError("the line does not end")
        if end < 0:
            return None
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        return line

    @abstractmethod
    def line(self, line: bytes) -> Iterator[Step]:
        """What this line leads to."""

    def upgrade(self, answer: bytes) -> Iterator[Step]:
        """Say so, and speak TLS. What came in clear behind the command is not read (RFC 3207, section 4.2)."""
        self._buffer.clear()
        self.secure = True
        yield Send(answer)
        yield StartTls()


class LoginConversation(LineConversation):
    """A conversation of lines whose clients log in, by SASL or by the protocol's own commands."""

    prompt: ClassVar[bytes] = b"+ "
    """Before a SASL challenge."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self.login: sasl.SaslLogin | None = None
        """Who has logged in: part of every later note, so that what is done with a login is known as its use."""
        self._exchange: sasl.SaslExchange | None = None

    @abstractmethod
    def welcome(self) -> bytes:
        """The answer to a login that may be bait's."""

    @abstractmethod
    def unwelcome(self, problem: sasl.SaslError) -> bytes:
        """The answer to a SASL exchange that failed."""

    def note(self, what: str, **shown: Any) -> Record:
        """A note, with the login that this connection has shown before."""
        return Record(what, {**shown, **(self.login.shown() if self.login else {})})

    def log_in(self, login: sasl.SaslLogin) -> Iterator[Step]:
        """Whoever can be bait is let in; a guess fails as on a real server, and is recorded all the same."""
        if self.identity.admits(login.password):
            self.login = login
            yield self.note("login")
            yield Send(self.welcome())
        else:
            yield from self.refuse(login)

    def refuse(self, login: sasl.SaslLogin) -> Iterator[Step]:
        """The password is wrong."""
        yield Record("login", login.shown())
        yield Send(self.unwelcome(sasl.RefusedError()))

    def authenticate(self, mechanism: bytes, response: bytes | None) -> Iterator[Step]:
        """Begin a SASL exchange, with the client's initial response where it sent one."""
        try:
            self._exchange = sasl.SaslExchange(mechanism)
        except sasl.SaslError as problem:
            yield self.note("login failed", mechanism=decoded(mechanism), response=decoded(response or b""))
            yield Send(self.unwelcome(problem))
        else:
            yield from self._exchanged(self._exchange, response)

    def _next(self) -> Iterable[Step] | None:
        if self._exchange is None:
            return super()._next()
        line = self._line()
        return None if line is None else self._exchanged(self._exchange, line)

    def _exchanged(self, exchange: sasl.SaslExchange, response: bytes | None) -> Iterator[Step]:
        try:
            said = exchange.respond(response)
        except sasl.SaslError as problem:
            self._exchange = None
            user = {"user": exchange.user} if exchange.user is not None else {}
            yield Record(
                "login failed",
                {"mechanism": exchange.mechanism, **user, "response": decoded(response or b"")},
            )
            yield Send(self.unwelcome(problem))
            return
        if isinstance(said, sasl.SaslLogin):
            self._exchange = None
            yield from self.log_in(said)
            return
        if exchange.user is not None:
            yield Record("user", {"user": exchange.user, "mechanism": exchange.mechanism})
        yield Send(self.prompt + said + b"\r\n")


def printable(text: bytes, limit: int = 200) -> bytes:
    """What of a client's text may stand in an answer: as Postfix and its like echo it, with ``?`` for the rest."""
    return re.sub(rb"[^\x20-\x7e]", b"?", text[:limit])
