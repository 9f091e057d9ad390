"""The SMTP trap: takes mail to phony people and logins of whoever found some, and never sends anything on.

RFC 5321 with AUTH (RFC 4954) and STARTTLS (RFC 3207), in the words of Postfix. Mail for the catch domain is taken from
anybody, for other domains only from who has logged in, as every submission server does, so that nobody takes it for an
open relay; whatever is taken is recorded and goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from canaries.core.text import decoded
from canaries.crypto.seeded_random import HEX
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import mail, postfix
from listener.protocol.conversation import Close, Conversation, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.lines import printable
from listener.protocol.postfix import PassingMessage, PostfixConversation
from listener.protocol.sasl import SaslError
from listener.traps._lines import LineSettings, LineTrap
from listener.traps._stream import StreamTrap, also

_MOST_RECIPIENTS, _MOST_KEPT = 1000, 100
"""Of a mail (``smtpd_recipient_limit``), and those that its note names again; each has a note of its own."""
_SIZE = re.compile(r"\bSIZE=(\d{1,20})", re.IGNORECASE)
_END = re.compile(rb"\n\.\r?\n")
_WEB = (b"GET", b"POST", b"CONNECT")


@dataclass(frozen=True, slots=True)
class SmtpSettings(LineSettings):
    """``[traps.smtp]``."""

    bind: tuple[str, ...] = ("127.0.0.1:2525",)
    host: str = ""
    """The name in the greeting; empty: one of this installation's own, in the catch domain where there is one."""
    domains: tuple[str, ...] = ()
    """Domains whose mail is taken from anybody, with all names below them; empty: the catch domain."""
    starttls: bool | None = None
    """Whether STARTTLS is offered; by default where ``listen.certificates`` gives a certificate to trust."""
    message_bytes: int = 10_240_000
    """Longest message; Postfix's own default."""
    connections: int = 256
    idle_seconds: float = 300.0
    """As RFC 5321, section 4.5.3.2.7, asks of a server."""
    total_seconds: float = 1800.0
    kept_bytes: int = 1_048_576
    """Of each message; attachments beyond have no hash."""
    total_bytes: int = 33_554_432


class SmtpConversation(PostfixConversation):
    """A submission server and mail exchanger in one."""

    prompt = b"334 "

    def __init__(
        self, identity: Identity, number: int, settings: SmtpSettings | None = None, domain: str = ""
    ) -> None:
        """``domain`` is the catch domain."""
        super().__init__(identity, number)
        self._settings = settings or SmtpSettings()
        self._domains = tuple(name.lower().strip(".") for name in self._settings.domains or (domain,) if name)
        self.host = (self._settings.host or _host(identity, domain)).encode("ascii", "replace")
        self._helo = ""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._message: PassingMessage | None = None
        self._messages = self._named = 0

    def greet(self) -> Iterable[Step]:
        banner = self.identity.host.release("postfix")
        yield Send(b"220 %s %s\r\n" % (self.host, banner.encode()))

    def welcome(self) -> bytes:
        return b"235 2.7.0 Authentication successful\r\n"

    def unwelcome(self, problem: SaslError) -> bytes:
        if str(problem) == "given up":
            return b"501 5.7.0 Authentication aborted\r\n"
        said = postfix.why(problem)
        return b"535 5.7.8 Error: authentication failed: %s\r\n" % said.encode()

    def _next(self) -> Iterable[Step] | None:
        return super()._next() if self._message is None else self._read(self._message)

    def line(self, line: bytes) -> Iterator[Step]:
        verb, _, rest = line.strip().partition(b" ")
        yield from self.counted(verb.upper(), self._command(verb, rest, line))

    def _command(self, verb: bytes, rest: bytes, line: bytes) -> Iterator[Step]:
        rest = rest.strip()
        match verb.upper():
            case b"EHLO" | b"HELO":
                yield from self._hello(verb.upper(), rest)
            case b"STARTTLS":
                yield from self._starttls(rest)
            case b"AUTH":
                yield from self._auth(rest)
            case b"MAIL":
                yield from self._mail(rest)
            case b"RCPT":
                yield from self._rcpt(rest)
            case b"DATA":
                yield from self._data()
            case b"VRFY":
                yield self.note("vrfy", command=decoded(line))
                yield from self._verified(rest)
            case b"RSET":
                self._forget()
                yield Send(b"250 2.0.0 Ok\r\n")
            case b"NOOP":
                yield Send(b"250 2.0.0 Ok\r\n")
            case b"QUIT":
                yield from (Send(b"221 2.0.0 Bye\r\n"), Close())
            case web if web in _WEB:  # a browser made to speak SMTP: Postfix's own words
                yield self.note("command", command=decoded(line))
                yield from (Send(b"221 2.7.0 Error: I can break rules, too. Goodbye.\r\n"), Close())
            case b"ETRN" if rest:
                yield self.note("command", command=decoded(line))
                yield Send(b"459 <%s>: service unavailable\r\n" % printable(rest))
            case b"BDAT":  # as without CHUNKING
                yield self.note("command", command=decoded(line))
                yield from (Send(b"521 5.5.1 Error: command not implemented\r\n"), Close())
            case known:
                yield self.note("command", command=decoded(line))
                yield from self.error(
                    b"500 5.5.2 Error: " + (b"command not recognized" if known else b"bad syntax")
                )

    def _hello(self, verb: bytes, name: bytes) -> Iterator[Step]:
        if not name:
            yield from self.error(b"501 Syntax: %s hostname" % verb)
            return
        self._forget()
        self._helo = decoded(name)
        yield self.note("hello", helo=self._helo)
        offered = [b"PIPELINING", b"SIZE %d" % self._settings.message_bytes, b"VRFY", b"ETRN"]
        if self._settings.starttls is not False and not self.secure:
            offered.append(b"STARTTLS")
        offered += [b"AUTH PLAIN LOGIN", b"ENHANCEDSTATUSCODES", b"8BITMIME", b"DSN", b"SMTPUTF8"]
        lines = [self.host, *offered] if verb == b"EHLO" else [self.host]
        said = [b"250%s%s\r\n" % (b" " if one is lines[-1] else b"-", one) for one in lines]
        yield Send(b"".join(said))

    def _starttls(self, rest: bytes) -> Iterator[Step]:
        if rest:
            yield from self.error(b"501 5.5.4 Syntax: STARTTLS")
        elif self.secure:
            yield from self.error(b"554 5.5.1 Error: TLS already active")
        elif self._settings.starttls is False:
            yield from self.error(b"502 5.5.1 Error: command not implemented")
        else:
            self._forget()
            self._helo, self.login = "", None  # RFC 3207, section 4.2
            yield from self.upgrade(b"220 2.0.0 Ready to start TLS\r\n")

    def _auth(self, rest: bytes) -> Iterator[Step]:
        words = rest.split()
        if self.login is not None:
            yield self.note("command", command=decoded(b"AUTH " + rest))
            yield from self.error(b"503 5.5.1 Error: already authenticated")
        elif not 1 <= len(words) <= 2:
            yield self.note("command", command=decoded(b"AUTH " + rest))
            yield from self.error(b"501 5.5.4 Syntax: AUTH mechanism")
        else:
            yield from self.authenticate(words[0], words[1] if len(words) > 1 else None)

    def _mail(self, rest: bytes) -> Iterator[Step]:
        path = mail.path(rest) if rest[:1].upper() == b"F" else None
        if path is None:
            yield self.note("command", helo=self._helo, command=decoded(b"MAIL " + rest))
            yield from self.error(b"501 5.5.4 Syntax: MAIL FROM:<address>")
            return
        sender, parameters = path
        size = _SIZE.search(parameters)
        yield self.note("sender", helo=self._helo, sender=sender, parameters=parameters)
        unknown = postfix.unknown_option(parameters)
        if self._sender is not None:
            yield from self.error(b"503 5.5.1 Error: nested MAIL command")
        elif unknown:
            yield from self.error(b"555 5.5.4 Unsupported option: %s" % printable(unknown.encode()))
        elif size and int(size[1]) > self._settings.message_bytes:
            yield Send(b"552 5.3.4 Message size exceeds fixed limit\r\n")
        else:
            self._sender = sender
            yield Send(b"250 2.1.0 Ok\r\n")

    def _rcpt(self, rest: bytes) -> Iterator[Step]:
        path = mail.path(rest) if rest[:1].upper() == b"T" else None
        if path is None:
            yield self.note("command", helo=self._helo, command=decoded(b"RCPT " + rest))
            yield from self.error(b"501 5.5.4 Syntax: RCPT TO:<address>")
            return
        recipient = path[0]
        yield self.note("recipient", helo=self._helo, sender=self._sender or "", recipients=[recipient])
        if self._sender is None:
            yield from self.error(b"503 5.5.1 Error: need MAIL command")
        elif self._named >= _MOST_RECIPIENTS:
            yield Send(b"452 4.5.3 Error: too many recipients\r\n")
        elif not recipient:
            yield from self.error(b"501 5.1.3 Bad recipient address syntax")
        elif not self._takes(recipient):
            yield from self.error(b"554 5.7.1 <%s>: Relay access denied" % printable(recipient.encode()))
        else:
            self._named += 1
            if self._named <= _MOST_KEPT:
                self._recipients.append(recipient)
            yield Send(b"250 2.1.5 Ok\r\n")

    def _verified(self, address: bytes) -> Iterator[Step]:
        """The answer to VRFY: whose mail is taken is somebody."""
        if self._takes(decoded(address).strip("<>")):
            yield Send(b"252 2.0.0 %s\r\n" % printable(address))
        else:
            yield from self.error(b"554 5.7.1 <%s>: Relay access denied" % printable(address))

    def _takes(self, recipient: str) -> bool:
        """Whether mail to this address is taken: the same for a minted address and for any other."""
        _, at, domain = recipient.lower().rpartition("@")
        if self.login is not None or not at:
            return self.login is not None or domain == "postmaster"  # RFC 5321, section 4.5.1
        domain = domain.rstrip(".")
        return any(domain == ours or domain.endswith("." + ours) for ours in self._domains)

    def _data(self) -> Iterator[Step]:
        if not self._recipients:
            yield from self.error(b"503 5.5.1 Error: need RCPT command")
            return
        self._message = PassingMessage()
        self._buffer[:0] = b"\n"  # a message may end with its first line
        yield Send(b"354 End data with <CR><LF>.<CR><LF>\r\n")

    def _read(self, message: PassingMessage) -> Iterable[Step] | None:
        """Swallow the message up to its end: it is in the raw bytes already, which the tee keeps."""
        end = _END.search(self._buffer)
        # without an end, its beginning may be there: a line break, a dot, a carriage return
        taken = end.end() if end else max(0, len(self._buffer) - 3)
        message.update(self._buffer[:taken])
        del self._buffer[:taken]
        return self._finished(message) if end else None

    def _finished(self, message: PassingMessage) -> Iterator[Step]:
        self._message = None
        self._messages += 1
        yield self.note(
            "mail",
            helo=self._helo,
            sender=self._sender or "",
            recipients=list(self._recipients),
            bytes=message.size,
        )
        self._forget()
        if message.size > self._settings.message_bytes:
            yield Send(b"552 5.3.4 Error: message file too big\r\n")
        else:
            name = self.identity.stream(f"queue:{self.number}:{self._messages}:{message.hash.hexdigest()}")
            queued = name.text("id", HEX.upper(), 10).encode()
            self.delivered()
            yield Send(b"250 2.0.0 Ok: queued as %s\r\n" % queued)

    def _forget(self) -> None:
        """The envelope: RSET, and whatever begins anew."""
        self._sender, self._recipients, self._named = None, [], 0


def _host(identity: Identity, domain: str) -> str:
    """The name of a mail server, or the one that hosting companies give to machines nobody has named."""
    return f"{identity.host.name}.{domain or 'localdomain'}"


class SmtpTrap(LineTrap):
    """Mail: plain, STARTTLS, and TLS at once on ``tls_bind``."""

    name = "smtp"
    Settings = SmtpSettings
    conversation = SmtpConversation

    def converse(self, number: int) -> Conversation:
        return SmtpConversation(self.front.identity, number, self._told, self.front.domain)

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """What was noted; of mail also what the message says. Who delivers without a login is a mail server."""
        reading = StreamTrap.read(sighting)
        seen = cast(mail.MailObserved, reading.observed)
        envelope = seen.get("recipients", [])
        if envelope and "user" not in seen:
            seen["role"] = "mail_server"
        found = [address.encode("utf-8", "surrogateescape") for address in mail.addresses(envelope)]
        is_mail = seen.get("request") == "mail"
        said = mail.observe(sighting.raw, seen) if is_mail else mail.chunks(sighting.raw)
        reading = also(reading, said)
        return Reading(seen, [*found, *reading.candidates], reading.bounds)
