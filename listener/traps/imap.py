"""The IMAP trap (RFC 3501): LOGIN and AUTHENTICATE give user and password in clear; then a mailbox without mail.

In the words of Dovecot, with SASL-IR (RFC 4959), LITERAL+ (RFC 7888) and ID (RFC 2971), in which programs name
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from canaries.core import clock
from canaries.core.text import decoded
from listener.protocol import dovecot_mailbox
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.dovecot_mailbox import DovecotMailbox
from listener.protocol.identity import Identity
from listener.protocol.lines import LoginConversation
from listener.protocol.sasl import SaslError, SaslLogin
from listener.traps._lines import LineSettings, LineTrap

_BEFORE = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+"
_LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\Z")
_LONGEST_LITERAL = 65_536
_LONGEST_COMMAND = 131_072
_WORDS = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|([^\s"()]+)|[()]', re.DOTALL)
"""A quoted string (one that does not end is read to the end: looking again from its middle would be quadratic), an
atom, a parenthesis."""
_TAG = re.compile(rb"[\x21-\x7e]{1,64}")
_MOST_WORDS = 64
_MOST_NOTED = 8192
_LONGEST, _LONGEST_RESPONSE, _LONGEST_INSIDE = 1033, 8192, 65_546
"""Bytes of a line without its end, as release 2.3.19 takes them: before a login, within one, behind it."""
_MOST_BAD, _MOST_BAD_INSIDE = 3, 20
"""Bad commands at which Dovecot ends the connection (CLIENT_MAX_BAD_COMMANDS): before a login, and behind it."""
_LISTED = b"OK Pre-login capabilities listed, post-login capabilities have more"
_PROBLEMS = {
    "unknown mechanism": b"NO [ALERT] Unsupported authentication mechanism.",
    "given up": b"BAD Authentication aborted by client.",
    "no base64": b"NO [ALERT] Invalid base64 in response",
}
"""As Dovecot words them."""
_TOO_MANY = b"* BYE Too many invalid IMAP commands.\r\n"
_TOOK = "0.001 + 0.000"
"""Seconds that a command took, and that it waited for locks."""
_DONE = re.compile(rb"DONE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImapSettings(LineSettings):
    """``[traps.imap]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1143",)
    starttls: bool | None = None
    """Whether STARTTLS is offered; by default where ``listen.certificates`` gives a certificate to trust."""
    idle_seconds: float = 1800.0
    """As RFC 3501, section 5.4, asks of a server; clients idle."""
    total_seconds: float = 7200.0


class ImapConversation(LoginConversation):
    """A server with one empty INBOX for everybody."""

    def __init__(
        self,
        identity: Identity,
        number: int,
        settings: ImapSettings | None = None,
        *,
        now: Callable[[], int] = clock.micros,
    ) -> None:
        """``now``: microseconds since the epoch."""
        super().__init__(identity, number)
        self._now = now
        self._settings = settings or ImapSettings()
        self._offers_tls = self._settings.starttls is not False
        self._tag = b"*"
        self._said = bytearray()
        """The command so far, as noted: literals in their place."""
        self._words: list[bytes] = []
        self._wanted = -1
        """Bytes of the literal that is being read; -1: none."""
        self._idle = 0
        """When the client began to idle, microseconds since the epoch; 0: it does not."""
        self._overlong: bytes | None = None
        """How a line began whose rest is dropped."""
        self._box: DovecotMailbox | None = None
        self._bad_commands = 0

    def greet(self) -> Iterable[Step]:
        banner = self.identity.host.release("dovecot")
        yield Send(f"* OK [CAPABILITY {self._capabilities()}] {banner}\r\n".encode())

    def welcome(self) -> bytes:
        return b"%s OK [CAPABILITY %s] Logged in\r\n" % (self._tag, self._capabilities().encode())

    def unwelcome(self, problem: SaslError) -> bytes:
        said = _PROBLEMS.get(str(problem), b"NO [AUTHENTICATIONFAILED] Authentication failed.")
        return b"%s %s\r\n" % (self._tag, said)

    def _capabilities(self) -> str:
        if self.login is not None:
            return dovecot_mailbox.capabilities(self.identity.host.distribution.name)
        tls = " STARTTLS" if self._offers_tls and not self.secure else ""
        return f"{_BEFORE}{tls} AUTH=PLAIN AUTH=LOGIN"

    def longest(self) -> int:
        if self.login is not None:
            return _LONGEST_INSIDE
        return _LONGEST if self._exchange is None else _LONGEST_RESPONSE

    def overlong(self) -> Iterable[Step]:
        if self.login is None:
            return self._ended(b"* BYE Input buffer full, aborting\r\n")
        self._overlong = bytes(self._buffer[:_MOST_NOTED])
        return ()

    def _too_long(self, begun: bytes) -> Iterator[Step]:
        """A line of which the rest was dropped."""
        words = _words(begun)
        self._tag = _tag(words)
        self._words, self._said = [], bytearray()
        yield self.note("command", command=decoded(begun))
        name = words[1].upper() if len(words) > 1 else b""
        yield from self._tagged(dovecot_mailbox.fault(name, b"Too long argument"))

    def _next(self) -> Iterable[Step] | None:
        if self._overlong is not None:
            end = self._buffer.find(b"\n")
            del self._buffer[: end + 1 if end >= 0 else None]
            begun = self._overlong
            self._overlong = None if end >= 0 else begun
            return self._too_long(begun) if end >= 0 else None
        if self._wanted < 0:
            return super()._next()
        if len(self._buffer) < self._wanted:
            return None
        literal = bytes(self._buffer[: self._wanted])
        del self._buffer[: self._wanted]
        self._words.append(literal)
        self._said += literal
        self._wanted = -1
        return ()

    def line(self, line: bytes) -> Iterator[Step]:
        if self._idle:
            idled, self._idle = self._now() - self._idle, 0
            yield from self._tagged(
                b"OK Idle completed" if _DONE.match(line) else b"BAD Expected DONE", idled + 1
            )
            return
        literal = _LITERAL.search(line)
        self._said += line
        self._words += _words(line[: literal.start()] if literal else line)
        if len(self._said) > _LONGEST_COMMAND or len(self._words) > 4 * _MOST_WORDS:
            raise ValueError("the command does not end")
        if literal is None:
            words, said = self._words, bytes(self._said)
            self._words, self._said = [], bytearray()
            yield from self._command(words, said)
        elif int(literal[1]) > _LONGEST_LITERAL:
            yield self.note("command", command=decoded(bytes(self._said)))
            too_large = b"%s BAD Literal too large." % _tag(self._words)
            yield Send((b"* BYE Literal size too large" if self.login else too_large) + b"\r\n")
            yield Close()  # whether the client sends it now or not, the stream cannot be followed any more
        else:
            self._wanted = int(literal[1])
            if not literal[2]:
                yield Send(b"+ OK\r\n")

    def _command(self, words: list[bytes], said: bytes) -> Iterator[Step]:
        self._tag = _tag(words)
        name, rest = words[1].upper() if len(words) > 1 else b"", words[2:]
        match name:
            case b"CAPABILITY":
                yield Send(f"* CAPABILITY {self._capabilities()}\r\n".encode())
                yield from self._tagged(b"OK Capability completed" if self.login else _LISTED)
            case b"NOOP":
                self._bad_commands = 0 if self.login else self._bad_commands
                yield from self._tagged(b"OK NOOP completed")
            case b"LOGOUT":
                yield Send(b"* BYE Logging out\r\n")
                yield from self._tagged(b"OK Logout completed")
                yield Close()
            case b"ID":
                yield self.note("client", client=_client(rest))
                yield Send(b'* ID ("name" "Dovecot")\r\n')
                yield from self._tagged(b"OK ID completed")
            case _ if self.login is not None:
                yield self.note("command", command=decoded(said[:_MOST_NOTED]))
                yield from self._mailbox(name, rest)
            case b"STARTTLS" if self._offers_tls and not self.secure:
                yield from self.upgrade(b"%s OK Begin TLS negotiation now.\r\n" % self._tag)
            case b"STARTTLS" if not self.secure:
                yield Record("command", {"command": decoded(said[:_MOST_NOTED])})
                yield from self._tagged(b"BAD TLS support isn't enabled")
            case b"ENABLE" if rest:
                yield Record("command", {"command": decoded(said[:_MOST_NOTED])})
                yield Send(b"* ENABLED\r\n")
                yield from self._tagged(b"OK ENABLE ignored in non-authenticated state")
            case b"LOGIN" if len(rest) == 2:
                yield from self.log_in(SaslLogin(decoded(rest[0]), decoded(rest[1]), "LOGIN"))
            case b"AUTHENTICATE" if 1 <= len(rest) <= 2:
                yield from self.authenticate(rest[0], rest[1] if len(rest) > 1 else None)
            case _:
                yield Record("command", {"command": decoded(said[:_MOST_NOTED])})
                yield from self._bad()

    def _bad(self) -> Iterator[Step]:
        """A command that is none; who goes on so is sent away."""
        self._bad_commands += 1
        if self._bad_commands < _MOST_BAD:
            yield from self._tagged(b"BAD Error in IMAP command received by server")
        else:
            yield Send(_TOO_MANY)
            yield Close()

    def _mailbox(self, name: bytes, rest: list[bytes]) -> Iterator[Step]:
        """What a client with a login asks: everything there is, is empty."""
        if name == b"IDLE":
            self._idle = self._now()
            yield Send(b"+ idling\r\n")
            return
        if self._box is None:
            # UIDVALIDITY is the second in which a mailbox was made, in Dovecot; this installation's own.
            validity = self.identity.stream("imap").between("validity", 1_500_000_000, 1_700_000_000)
            self._box = DovecotMailbox(validity)
        untagged, told = self._box.answer(name, rest, self._tag)
        if untagged:
            yield Send(untagged)
        yield from self._tagged(told)
        self._bad_commands = self._bad_commands + 1 if told.startswith(b"BAD Error") else 0
        if self._bad_commands >= _MOST_BAD_INSIDE:
            yield Send(_TOO_MANY)
            yield Close()

    def _tagged(self, answer: bytes, idled: int = 0) -> Iterator[Step]:
        """An answer without its end; behind a login it tells what the command took. ``idled``: microseconds."""
        if self.login is not None:
            waited = idled // 1000
            took = (
                f"{waited / 1000:.3f} + {waited / 1000:.3f} + {max(0, waited - 1) / 1000:.3f}"
                if idled
                else _TOOK
            )
            answer += f" ({took} secs)".encode()
        yield Send(b"%s %s.\r\n" % (self._tag, answer))


def _words(line: bytes) -> list[bytes]:
    """Atoms and quoted strings; parentheses stay outside, they nest nothing that is answered."""
    found = []
    for match in _WORDS.finditer(line):
        if match[1] is not None:
            found.append(re.sub(rb"\\(.)", rb"\1", match[1], flags=re.DOTALL))
        elif match[2] is not None:
            found.append(match[2])
    return found


def _tag(words: list[bytes]) -> bytes:
    return words[0] if words and _TAG.fullmatch(words[0]) else b"*"


def _client(rest: list[bytes]) -> str:
    """Name and version of ID's pairs first, then all of them."""
    pairs = {decoded(key).lower(): decoded(value) for key, value in zip(rest[::2], rest[1::2], strict=False)}
    first = [pairs[key] for key in ("name", "version") if key in pairs]
    others = [f"{key}={value}" for key, value in pairs.items() if key not in ("name", "version")]
    return " ".join(first + others[:_MOST_WORDS])


class ImapTrap(LineTrap):
    """IMAP: plain, STARTTLS, and TLS at once on ``tls_bind``."""

    name = "imap"
    Settings = ImapSettings
    conversation = ImapConversation

    def converse(self, number: int) -> Conversation:
        return ImapConversation(self.front.identity, number, self._told)
