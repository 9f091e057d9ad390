"""The POP3 trap (RFC 1939, with STLS of RFC 2595 and SASL of RFC 5034): user and password in clear, an empty maildrop.

In the words of Dovecot. APOP is not offered: it would hide the password in a digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.lines import LoginConversation, printable
from listener.protocol.sasl import SaslError, SaslLogin
from listener.traps._lines import LineSettings, LineTrap

_LISTINGS = (b"LIST", b"UIDL")
_OF_MESSAGES = (b"RETR", b"TOP", b"DELE")
_UNKNOWN = b"-ERR Unknown command.\r\n"
_MOST_BAD, _MOST_BAD_INSIDE = 3, 20
"""In a row, before a login and behind it (CLIENT_MAX_BAD_COMMANDS)."""
_LONGEST, _LONGEST_RESPONSE, _LONGEST_INSIDE = 1029, 8192, 2046
"""Bytes of a line without its end, as release 2.3.19 takes them: before a login, within one, behind it."""
_PROBLEMS = {
    "unknown mechanism": b"[AUTH] Unsupported authentication mechanism.",
    "given up": b"Authentication aborted by client.",
    "no base64": b"[AUTH] Invalid base64 in response",
}
"""As Dovecot words them."""


@dataclass(frozen=True, slots=True)
class Pop3Settings(LineSettings):
    """``[traps.pop3]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1110",)
    starttls: bool | None = None
    """Whether STLS is offered; by default where ``listen.certificates`` gives a certificate to trust."""


class Pop3Conversation(LoginConversation):
    """A maildrop without mail."""

    def __init__(self, identity: Identity, number: int, settings: Pop3Settings | None = None) -> None:
        super().__init__(identity, number)
        self._settings = settings or Pop3Settings()
        self._offers_tls = self._settings.starttls is not False
        self._user: str | None = None
        self._bad_commands = 0

    def greet(self) -> Iterable[Step]:
        yield Send(f"+OK {self.identity.host.release('dovecot')}\r\n".encode())

    def welcome(self) -> bytes:
        return b"+OK Logged in.\r\n"

    def unwelcome(self, problem: SaslError) -> bytes:
        return b"-ERR %s\r\n" % _PROBLEMS.get(str(problem), b"[AUTH] Authentication failed.")

    def longest(self) -> int:
        if self.login is not None:
            return _LONGEST_INSIDE
        return _LONGEST if self._exchange is None else _LONGEST_RESPONSE

    def overlong(self) -> Iterable[Step]:
        what = b"Input line too long." if self.login is not None else b"Input buffer full, aborting"
        return self._ended(b"-ERR %s\r\n" % what)

    def line(self, line: bytes) -> Iterator[Step]:
        verb, _, rest = line.strip().partition(b" ")
        match verb.upper():
            case b"CAPA":
                yield Send(self._capabilities())
            case b"QUIT":
                yield Send(b"+OK Logging out.\r\n" if self.login else b"+OK Logging out\r\n")
                yield Close()
            case known if self.login is not None:
                yield from self._drop(known, rest, line)
            case b"STLS" if self._offers_tls and not self.secure:
                yield from self.upgrade(b"+OK Begin TLS negotiation now.\r\n")
            case b"USER":
                self._user = decoded(rest)
                yield Record("user", {"user": self._user})
                yield Send(b"+OK\r\n")
            case b"PASS" if self._user is not None:
                yield from self.log_in(SaslLogin(self._user, decoded(rest), "USER"))
            case b"PASS":
                yield Record("command", {"command": decoded(line)})
                yield Send(b"-ERR No username given.\r\n")
            case b"AUTH" if rest:
                mechanism, _, response = rest.strip().partition(b" ")
                yield from self.authenticate(mechanism, response or None)
            case b"AUTH":
                yield Send(b"+OK\r\nPLAIN\r\nLOGIN\r\n.\r\n")
            case b"STLS" if not self.secure:
                yield Record("command", {"command": decoded(line)})
                yield Send(b"-ERR TLS support isn't enabled.\r\n")
            case b"APOP":
                yield Record("command", {"command": decoded(line)})
                yield Send(b"-ERR APOP not enabled.\r\n")
            case _:
                yield Record("command", {"command": decoded(line)})
                yield Send(_UNKNOWN)
                self._bad_commands += 1
                if self._bad_commands >= _MOST_BAD:
                    yield Send(b"-ERR Too many invalid bad commands.\r\n")
                    yield Close()

    def _drop(self, verb: bytes, rest: bytes, line: bytes) -> Iterator[Step]:
        yield self.note("command", command=decoded(line))
        known = verb in (*_LISTINGS, *_OF_MESSAGES, b"STAT", b"NOOP", b"RSET")
        self._bad_commands = 0 if known else self._bad_commands + 1
        if verb == b"STAT":
            yield Send(b"+OK 0 0\r\n")
        elif verb in _LISTINGS and not rest:
            yield Send(b"+OK 0 messages:\r\n.\r\n" if verb == b"LIST" else b"+OK\r\n.\r\n")
        elif verb in _LISTINGS + _OF_MESSAGES:
            number = rest.split()[0] if rest.split() else b""
            fine = number.isdigit() and len(number) < 10
            yield Send(
                b"-ERR There's no message %s.\r\n" % number
                if fine
                else b"-ERR Invalid message number: %s\r\n" % printable(rest)
            )
        elif verb in (b"NOOP", b"RSET"):
            yield Send(b"+OK\r\n")
        else:
            yield Send(b"-ERR Unknown command: %s\r\n" % printable(verb))
            if self._bad_commands > _MOST_BAD_INSIDE:
                yield Send(b"-ERR Too many bad commands.\r\n")
                yield Close()

    def _capabilities(self) -> bytes:
        offered = [b"CAPA", b"TOP", b"UIDL", b"RESP-CODES", b"PIPELINING", b"AUTH-RESP-CODE"]
        if self.login is None:
            offered += [b"STLS"] if self._offers_tls and not self.secure else []
            offered += [b"USER", b"SASL PLAIN LOGIN"]
        return b"\r\n".join([b"+OK", *offered, b".", b""])


class Pop3Trap(LineTrap):
    """POP3: plain, STLS, and TLS at once on ``tls_bind``."""

    name = "pop3"
    Settings = Pop3Settings
    conversation = Pop3Conversation

    def converse(self, number: int) -> Conversation:
        return Pop3Conversation(self.front.identity, number, self._told)
