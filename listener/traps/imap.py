"""The IMAP trap (RFC 3501): LOGIN and AUTHENTICATE give user and password in clear; then a mailbox without mail.

In the words of Dovecot, with SASL-IR (RFC 4959), LITERAL+ (RFC 7888) and ID (RFC 2971), in which programs name
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.lines import LoginConversation, printable
from listener.protocol.sasl import SaslError, SaslLogin
from listener.traps._lines import LineSettings, LineTrap

_BEFORE = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+"
_AFTER = f"{_BEFORE} UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED ESEARCH SPECIAL-USE"
_LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\Z")
_LONGEST_LITERAL = 65_536
_LONGEST_COMMAND = 131_072
_WORDS = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|([^\s"()]+)|[()]', re.DOTALL)
"""A quoted string (one that does not end is read to the end: looking again from its middle would be quadratic), an
atom, a parenthesis."""
_TAG = re.compile(rb"[\x21-\x7e]{1,64}")
_MOST_WORDS = 64
_MOST_NOTED = 8192
_MOST_BAD, _MOST_BAD_INSIDE = 3, 20
"""Bad commands at which Dovecot ends the connection (CLIENT_MAX_BAD_COMMANDS): before a login, and behind it."""
_LISTED = b"OK Pre-login capabilities listed, post-login capabilities have more."
_PROBLEMS = {
    "unknown mechanism": b"NO [ALERT] Unsupported authentication mechanism.",
    "given up": b"BAD Authentication aborted by client.",
    "no base64": b"NO [ALERT] Invalid base64 in response",
}
"""As Dovecot words them."""
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

    def __init__(self, identity: Identity, number: int, settings: ImapSettings | None = None) -> None:
        super().__init__(identity, number)
        self._settings = settings or ImapSettings()
        self._offers_tls = self._settings.starttls is not False
        self._tag = b"*"
        self._said = bytearray()
        """The command so far, as noted: literals in their place."""
        self._words: list[bytes] = []
        self._wanted = -1
        """Bytes of the literal that is being read; -1: none."""
        self._idle = self._selected = False
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
            return _AFTER
        tls = " STARTTLS" if self._offers_tls and not self.secure else ""
        return f"{_BEFORE}{tls} AUTH=PLAIN AUTH=LOGIN"

    def _next(self) -> Iterable[Step] | None:
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
            self._idle = False
            yield from self._tagged(b"OK Idle completed." if _DONE.match(line) else b"BAD Expected DONE.")
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
            yield Send(b"%s BAD Literal too large.\r\n" % _tag(self._words))
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
                yield from self._tagged(b"OK Capability completed." if self.login else _LISTED)
            case b"NOOP" | b"CHECK":
                yield from self._tagged(b"OK NOOP completed.")
            case b"LOGOUT":
                yield Send(b"* BYE Logging out\r\n")
                yield from self._tagged(b"OK Logout completed.")
                yield Close()
            case b"ID":
                yield self.note("client", client=_client(rest))
                yield Send(b'* ID ("name" "Dovecot")\r\n')
                yield from self._tagged(b"OK ID completed.")
            case _ if self.login is not None:
                yield self.note("command", command=decoded(said[:_MOST_NOTED]))
                yield from self._mailbox(name, rest)
            case b"STARTTLS" if self._offers_tls and not self.secure:
                yield from self.upgrade(b"%s OK Begin TLS negotiation now.\r\n" % self._tag)
            case b"STARTTLS" if not self.secure:
                yield Record("command", {"command": decoded(said[:_MOST_NOTED])})
                yield from self._tagged(b"BAD TLS support isn't enabled.")
            case b"ENABLE" if rest:
                yield Record("command", {"command": decoded(said[:_MOST_NOTED])})
                yield Send(b"* ENABLED\r\n")
                yield from self._tagged(b"OK ENABLE ignored in non-authenticated state.")
            case b"LOGIN" if len(rest) == 2:
                yield from self.log_in(SaslLogin(decoded(rest[0]), decoded(rest[1]), "LOGIN"))
            case b"AUTHENTICATE" if 1 <= len(rest) <= 2:
                yield from self.authenticate(rest[0], rest[1] if len(rest) > 1 else None)
            case _:
                yield Record("command", {"command": decoded(said[:_MOST_NOTED])})
                yield from self._bad(_MOST_BAD)

    def _bad(self, most: int) -> Iterator[Step]:
        """A command that is none; who goes on so is sent away."""
        self._bad_commands += 1
        if self._bad_commands < most:
            yield from self._tagged(b"BAD Error in IMAP command received by server.")
        else:
            yield Send(b"* BYE Too many invalid IMAP commands.\r\n")
            yield Close()

    def _mailbox(self, name: bytes, rest: list[bytes]) -> Iterator[Step]:
        """What a client with a login asks: everything there is, is empty."""
        done = name.capitalize() + b" completed."
        match name:
            case b"SELECT" | b"EXAMINE" if _inbox(rest):
                self._selected = True
                mode = b"[READ-ONLY]" if name == b"EXAMINE" else b"[READ-WRITE]"
                yield Send(self._emptiness())
                yield from self._tagged(b"OK %s %s" % (mode, done))
            case b"STATUS" if _inbox(rest):
                yield Send(
                    b"* STATUS INBOX (MESSAGES 0 RECENT 0 UIDNEXT 1 UIDVALIDITY %d UNSEEN 0)\r\n"
                    % self._validity()
                )
                yield from self._tagged(b"OK " + done)
            case b"SELECT" | b"EXAMINE" | b"STATUS":
                yield from self._tagged(
                    b"NO [NONEXISTENT] Mailbox doesn't exist: " + printable(b" ".join(rest[:1]))
                )
            case b"LIST" | b"LSUB":
                wanted = rest[-1:] in ([b"*"], [b"%"]) or _inbox(rest[-1:])
                yield Send(b'* %s (\\HasNoChildren) "." INBOX\r\n' % name if wanted else b"")
                yield from self._tagged(b"OK " + done)
            case b"NAMESPACE":
                yield Send(b'* NAMESPACE (("" ".")) NIL NIL\r\n')
                yield from self._tagged(b"OK " + done)
            case b"SEARCH" if self._selected:
                yield Send(b"* SEARCH\r\n")
                yield from self._tagged(b"OK " + done)
            case b"UID" if self._selected:
                yield Send(b"* SEARCH\r\n" if rest[:1] and rest[0].upper() == b"SEARCH" else b"")
                yield from self._tagged(b"OK " + done)
            case b"FETCH" | b"STORE" | b"EXPUNGE" | b"CLOSE" | b"UNSELECT" if self._selected:
                self._selected = name not in (b"CLOSE", b"UNSELECT")
                yield from self._tagged(b"OK " + done)
            case b"FETCH" | b"STORE" | b"EXPUNGE" | b"CLOSE" | b"UNSELECT" | b"SEARCH" | b"UID" | b"COPY":
                yield from self._tagged(b"BAD No mailbox selected.")
            case b"IDLE":
                self._idle = True
                yield Send(b"+ idling\r\n")
            case b"ENABLE":
                yield Send(b"* ENABLED\r\n")
                yield from self._tagged(b"OK " + done)
            case b"CREATE" | b"DELETE" | b"RENAME" | b"SUBSCRIBE" | b"UNSUBSCRIBE" | b"APPEND":
                yield from self._tagged(b"NO [NOPERM] Permission denied")
            case _:
                yield from self._bad(_MOST_BAD_INSIDE)

    def _emptiness(self) -> bytes:
        flags = rb"(\Answered \Flagged \Deleted \Seen \Draft)"
        return (
            b"* FLAGS %s\r\n* OK [PERMANENTFLAGS %s] Flags permitted.\r\n* 0 EXISTS\r\n* 0 RECENT\r\n"
            b"* OK [UIDVALIDITY %d] UIDs valid\r\n* OK [UIDNEXT 1] Predicted next UID\r\n"
        ) % (flags, flags, self._validity())

    def _validity(self) -> int:
        """UIDVALIDITY: the second in which a mailbox was made, in Dovecot; this installation's own."""
        return self.identity.stream("imap").between("validity", 1_500_000_000, 1_700_000_000)

    def _tagged(self, answer: bytes) -> Iterator[Step]:
        yield Send(b"%s %s\r\n" % (self._tag, answer))


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


def _inbox(rest: list[bytes]) -> bool:
    return bool(rest) and rest[0].upper() == b"INBOX"


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
