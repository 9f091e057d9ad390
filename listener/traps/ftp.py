"""The FTP trap (RFC 959): user and password in clear, then a server that never opens a data connection.

In the words of vsftpd with PORT and PASV switched off. AUTH TLS (RFC 4217) is not offered unless asked for: lftp takes
it where it can, and then turns away from a certificate it does not know before it has said anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from canaries.core.text import decoded
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.lines import LoginConversation
from listener.protocol.sasl import SaslError, SaslLogin
from listener.protocol.vsftpd import VsftpdSession
from listener.traps._lines import LineSettings, LineTrap

_FEATURES = (b"MDTM", b"REST STREAM", b"SIZE", b"TVFS")
_LONGEST_LINE = 4094
"""Without its end: VSFTP_MAX_COMMAND_LINE."""
_MOST_FAILURES = 3
"""``max_login_fails`` of vsftpd.conf(5)."""
_ANONYMOUS = ("anonymous", "ftp")
"""Nobody comes in without a login of their own: who is let in without one never shows theirs."""


@dataclass(frozen=True, slots=True)
class FtpSettings(LineSettings):
    """``[traps.ftp]``."""

    bind: tuple[str, ...] = ("127.0.0.1:2121",)
    auth_tls: bool = False
    """Whether AUTH TLS is offered."""


class FtpConversation(LoginConversation):
    """A server that accepts every login and serves nothing."""

    def __init__(self, identity: Identity, number: int, settings: FtpSettings | None = None) -> None:
        super().__init__(identity, number)
        self._settings = settings or FtpSettings()
        self._user: str | None = None
        self._failures = 0
        self._session: VsftpdSession | None = None

    def greet(self) -> Iterable[Step]:
        yield Send(f"220 (vsFTPd {self.identity.host.release('vsftpd')})\r\n".encode())

    def welcome(self) -> bytes:
        return b"230 Login successful.\r\n"

    def unwelcome(self, problem: SaslError) -> bytes:
        return b"530 Login incorrect.\r\n"

    def longest(self) -> int:
        return _LONGEST_LINE

    def overlong(self) -> Iterable[Step]:
        return self._ended(b"500 Input line too long.\r\n")

    def line(self, line: bytes) -> Iterator[Step]:
        verb, _, rest = line.strip().partition(b" ")
        match verb.upper():
            case b"":
                pass
            case b"USER" if self.login is None:
                self._user = decoded(rest)
                yield Record("user", {"user": self._user})
                yield Send(b"331 Please specify the password.\r\n")
            case b"PASS" if self._user and self.login is None:
                login = SaslLogin(self._user, decoded(rest), "USER")
                yield from self.refuse(login) if self._user in _ANONYMOUS else self.log_in(login)
                if self.login is None:
                    self._failures += 1
                    self._user = None
                if self._failures >= _MOST_FAILURES:
                    yield Close()
            case b"PASS" if self.login is None:
                yield Record("command", {"command": decoded(line)})
                yield Send(b"503 Login with USER first.\r\n")
            case b"QUIT":
                yield Send(b"221 Goodbye.\r\n")
                yield Close()
            case b"FEAT":
                yield Send(self._features())
            case b"OPTS" if rest.upper().startswith(b"UTF8"):
                yield Send(b"200 Always in UTF8 mode.\r\n")
            case b"OPTS":
                yield self.note("command", command=decoded(line))
                yield Send(b"501 Option not understood.\r\n")
            case b"AUTH" if (
                self._settings.auth_tls and not self.secure and rest.upper() in (b"TLS", b"TLS-C", b"SSL")
            ):
                yield from self.upgrade(b"234 Proceed with negotiation.\r\n")
            case b"PBSZ" | b"PROT" as known if self.secure:
                yield Send(b"200 %s set to %s.\r\n" % (known, b"0" if known == b"PBSZ" else b"P"))
            case known:
                if known == b"CLNT":
                    yield self.note("client", client=decoded(rest))
                else:
                    yield self.note("command", command=decoded(line))
                yield Send(self._answer(known, rest) + b"\r\n")

    def _answer(self, verb: bytes, rest: bytes) -> bytes:
        if self.login is None:
            return b"530 Please login with USER and PASS."
        if self._session is None:
            version = self.identity.host.release("vsftpd")
            self._session = VsftpdSession(
                self.login.user, peer=self.peer, version=version, secure=self.secure
            )
        return self._session.answer(verb, rest)

    def _features(self) -> bytes:
        tls = (b"AUTH TLS", b"PBSZ", b"PROT") if self._settings.auth_tls else ()
        lines = [b" " + feature for feature in sorted((*_FEATURES, *tls))]
        return b"\r\n".join([b"211-Features:", *lines, b"211 End", b""])


class FtpTrap(LineTrap):
    """FTP: plain, with AUTH TLS where that is switched on, and TLS at once on ``tls_bind``."""

    name = "ftp"
    Settings = FtpSettings
    conversation = FtpConversation

    def converse(self, number: int) -> Conversation:
        return FtpConversation(self.front.identity, number, self.settings)
