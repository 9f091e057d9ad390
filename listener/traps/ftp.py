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
from listener.traps._lines import LineSettings, LineTrap

_FEATURES = (b"MDTM", b"REST STREAM", b"SIZE", b"TVFS", b"UTF8")
_ANSWERS = {
    b"SYST": b"215 UNIX Type: L8",
    b"PWD": b'257 "/" is the current directory',
    b"XPWD": b'257 "/" is the current directory',
    b"NOOP": b"200 NOOP ok.",
    b"MODE": b"200 Mode set to S.",
    b"STRU": b"200 Structure set to F.",
    b"ALLO": b"202 ALLO command ignored.",
    b"CDUP": b"250 Directory successfully changed.",
    b"REST": b"350 Restart position accepted (0).",
    b"SIZE": b"550 Could not get file size.",
    b"MDTM": b"550 Could not get file modification time.",
    b"DELE": b"550 Delete operation failed.",
    b"MKD": b"550 Create directory operation failed.",
    b"RMD": b"550 Remove directory operation failed.",
    b"RNFR": b"550 RNFR command failed.",
    b"SITE": b"550 Permission denied.",
    # Never connect to anywhere (PORT could name a third party: RFC 2577), nor another port to watch.
    b"PASV": b"550 Permission denied.",
    b"EPSV": b"550 Permission denied.",
    b"PORT": b"550 Permission denied.",
    b"EPRT": b"550 Permission denied.",
    **dict.fromkeys(
        (b"LIST", b"NLST", b"MLSD", b"RETR", b"STOR", b"APPE", b"STOU"), b"425 Use PORT or PASV first."
    ),
}
"""Once logged in."""
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

    def greet(self) -> Iterable[Step]:
        yield Send(f"220 (vsFTPd {self.identity.host.release('vsftpd')})\r\n".encode())

    def welcome(self) -> bytes:
        return b"230 Login successful.\r\n"

    def unwelcome(self, problem: SaslError) -> bytes:
        return b"530 Login incorrect.\r\n"

    def line(self, line: bytes) -> Iterator[Step]:
        verb, _, rest = line.strip().partition(b" ")
        match verb.upper():
            case b"USER":
                self._user, self.login = decoded(rest), None
                yield Record("user", {"user": self._user})
                yield Send(b"331 Please specify the password.\r\n")
            case b"PASS" if self._user is not None:
                login = SaslLogin(self._user, decoded(rest), "USER")
                yield from self.refuse(login) if self._user in _ANONYMOUS else self.log_in(login)
            case b"PASS":
                yield Record("command", {"command": decoded(line)})
                yield Send(b"503 Login with USER first.\r\n")
            case b"QUIT":
                yield Send(b"221 Goodbye.\r\n")
                yield Close()
            case b"FEAT":
                yield Send(self._features())
            case b"OPTS" if rest.upper().startswith(b"UTF8"):
                yield Send(b"200 Always in UTF8 mode.\r\n")
            case b"CLNT":
                yield self.note("client", client=decoded(rest))
                yield Send(b"200 Noted.\r\n")
            case b"AUTH" if (
                self._settings.auth_tls and not self.secure and rest.upper() in (b"TLS", b"TLS-C", b"SSL")
            ):
                yield from self.upgrade(b"234 Proceed with negotiation.\r\n")
            case b"PBSZ" | b"PROT" as known if self.secure:
                yield Send(b"200 %s set to %s.\r\n" % (known, b"0" if known == b"PBSZ" else b"P"))
            case known:
                yield self.note("command", command=decoded(line))
                yield Send(self._answer(known, rest) + b"\r\n")

    def _answer(self, verb: bytes, rest: bytes) -> bytes:
        if self.login is None:
            return b"530 Please login with USER and PASS."
        if verb == b"TYPE":
            return b"200 Switching to %s mode." % (b"ASCII" if rest.upper().startswith(b"A") else b"Binary")
        if verb in (b"CWD", b"XCWD"):
            root = rest in (b"/", b"", b".")
            return b"250 Directory successfully changed." if root else b"550 Failed to change directory."
        return _ANSWERS.get(verb, b"500 Unknown command.")

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
