"""The SSH server behind the trap, on asyncssh: it lets in, writes down what is asked for, and does none of it.

It has one socket, and no word of its own in the journal: it calls ``jot`` with what it sees, always before the answer
to it is written to that socket. It opens no connection, starts no program, reads no file; sessions of every sort get
what a login shell of nologin(8) says.
"""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import asyncssh

from canaries.core.text import decoded
from canaries.protocols import ssh_keys
from listener.protocol import openssh
from listener.protocol.ssh_channels import OpenSshChannel
from listener.protocol.ssh_packets import PacketTee

Jot = Callable[[str, dict[str, Any]], None]

_MOST_SESSIONS = 10
"""MaxSessions of sshd_config(5)."""
_REFUSAL = b"This account is currently not available."
"""nologin(8), as Debian's and Ubuntu's login package has it; on standard output, with status 1."""
_TOO_MANY = "Too many authentication failures"


@dataclass(frozen=True, slots=True)
class Manner:
    """How the server behaves; the same for every visitor."""

    accepts_key: Callable[[bytes], bool]
    """Asked with a public key blob."""
    accepts_password: Callable[[str], bool]
    attempts: int
    """Failures to log in at which the connection is ended (MaxAuthTries)."""


async def serve(
    sock: socket.socket,
    common: asyncssh.SSHServerConnectionOptions,
    manner: Manner,
    jot: Jot,
    tee: PacketTee,
) -> None:
    """Serve the one client at the other end of ``sock``, and close that. ``common``: `openssh.options`. Its packets go
    into ``tee``, each before it is jotted. Raises what the client's bytes provoke."""
    server = _Server(manner, jot)
    try:
        await openssh.converse(sock, common, server, tee)
    finally:
        if server.connection is None:
            sock.close()
        else:
            server.connection.abort()  # its transport has the socket, and closes it
    if server.problem is not None:
        raise server.problem


class _Server(asyncssh.SSHServer):
    """One connection."""

    def __init__(self, manner: Manner, jot: Jot) -> None:
        self._manner, self._jot = manner, jot
        self.connection: asyncssh.SSHServerConnection | None = None
        self._login: dict[str, Any] = {}
        """What was tried last, or has let the client in; it stands in all later notes, so that they are hits too."""
        self._failures = self._sessions = 0
        self.problem: Exception | None = None
        """What ended the connection."""

    def connection_lost(self, exc: Exception | None) -> None:
        self.problem = exc

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn

    def begin_auth(self, username: str) -> bool:
        self._jot("user", {"user": username})
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Called for a key that is offered, and again when it has signed; `auth_completed` says that it was good."""
        blob = key.public_data
        tried = {
            "user": username,
            "algorithm": decoded(key.algorithm),
            "fingerprint": ssh_keys.fingerprint(blob),
            "public_key": base64.b64encode(blob).decode(),
        }
        if tried != self._login:
            self._try("key", tried)
        return self._judged(self._manner.accepts_key(blob))

    def signature_refused(self, blob: bytes) -> None:
        """A key of those that are let in, and a signature that its private half did not make."""
        if self._manner.accepts_key(blob):
            self._jot("not proven", dict(self._login))

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._try("login", {"user": username, "password": password})
        return self._judged(self._manner.accepts_password(password))

    def change_password(self, username: str, old_password: str, new_password: str) -> bool:
        self._try("login", {"user": username, "password": old_password, "new_password": new_password})
        return self._judged(False)

    def auth_completed(self) -> None:
        if "fingerprint" in self._login:
            self._login["proven"] = True
            self._jot("proven", dict(self._login))

    def session_requested(self) -> tuple[OpenSshChannel, _Session] | bool:
        self._sessions += 1
        if self._sessions > _MOST_SESSIONS or self.connection is None:
            return False
        channel = OpenSshChannel.of(self.connection)
        return channel, _Session(self._jot, self._login, channel)

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        return self._refuse("direct-tcpip", f"{dest_host}:{dest_port}")

    def server_requested(self, listen_host: str, listen_port: int) -> bool:
        return self._refuse("tcpip-forward", f"{listen_host}:{listen_port}")

    def unix_connection_requested(self, dest_path: str) -> bool:
        return self._refuse("direct-streamlocal", dest_path)

    def unix_server_requested(self, listen_path: str) -> bool:
        return self._refuse("streamlocal-forward", listen_path)

    def _refuse(self, how: str, where: str) -> bool:
        self._jot("forward", {**self._login, "forward": how, "to": where})
        return False

    def _try(self, what: str, login: dict[str, Any]) -> None:
        self._login = login
        self._jot(what, dict(login))

    def _judged(self, accepted: bool) -> bool:
        """``accepted``; too many times not ends the connection."""
        self._failures += not accepted
        if self._failures >= self._manner.attempts and not accepted and self.connection is not None:
            self.connection.disconnect(asyncssh.DISC_PROTOCOL_ERROR, _TOO_MANY)
        return accepted


class _Session(asyncssh.SSHServerSession[bytes]):
    """A session of an account that may not log in."""

    def __init__(self, jot: Jot, login: dict[str, Any], channel: OpenSshChannel) -> None:
        self._jot, self._login, self._channel = jot, login, channel
        self._terminal = ""

    def pty_requested(self, term_type: str, term_size: Iterable[int], term_modes: object) -> bool:
        self._terminal = f"{term_type} {'x'.join(str(number) for number in list(term_size)[:2])}"
        return True

    def shell_requested(self) -> bool:
        self._asked("shell", {})
        return True

    def exec_requested(self, command: str) -> bool:
        self._asked("command", {"command": command})
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        self._asked("subsystem", {"subsystem": subsystem})
        return subsystem == "sftp"

    def session_started(self) -> None:
        self._channel.write(_REFUSAL + (b"\r\n" if self._terminal else b"\n"))
        self._channel.exit(1)

    def _asked(self, what: str, shown: dict[str, Any]) -> None:
        if self._terminal:
            shown["terminal"] = self._terminal
        if variables := self._channel.get_environment_bytes():
            shown["environment"] = {decoded(name): decoded(value) for name, value in variables.items()}
        self._channel.open_window()
        self._jot(what, {**self._login, **shown})
