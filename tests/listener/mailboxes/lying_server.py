"""A server that says what a test wants, over TLS, and keeps what it was told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from listener.mailboxes.mailbox_settings import Mailbox, MailboxSettings
from tests import steady

Script = Callable[[str, str], bytes]
"""(tag, command) to all that is answered."""


class LyingServer:
    """Answers each line by a script."""

    def __init__(
        self, context: ssl.SSLContext, ca_file: Path, script: Script, greeting: bytes, *, plain: bool
    ) -> None:
        self._context, self._ca_file, self._greeting, self._plain = context, ca_file, greeting, plain
        self.script = script
        self.said: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._ending = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def mailbox(self, **more: object) -> Mailbox:
        usual: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self._socket.getsockname()[1],
            "user": "june@provider.example",
            "password": "geheim",
            "ca_file": str(self._ca_file),
        }
        return Mailbox("june", MailboxSettings(**usual | more))  # type: ignore[arg-type]

    def _run(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), plain:
                if self._plain:
                    self._talk(plain)
                else:
                    with self._context.wrap_socket(plain, server_side=True) as secure:
                        self._talk(secure)

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(self._greeting)
        for line in connection.makefile("rb"):
            text = line.decode("latin-1").rstrip("\r\n")
            self.said.append(text)
            tag, _, command = text.partition(" ")
            answer = self.script(tag, command)
            connection.sendall(answer)
            if answer.startswith(b"* BYE"):
                return

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(steady.PATIENCE)


@contextlib.contextmanager
def lying_server(
    tls: tuple[ssl.SSLContext, Path],
    script: Script,
    greeting: bytes = b"* OK ready\r\n",
    *,
    plain: bool = False,
) -> Iterator[LyingServer]:
    server = LyingServer(tls[0], tls[1], script, greeting, plain=plain)
    try:
        yield server
    finally:
        server.close()


def usual(tag: str, command: str, **more: bytes) -> bytes:
    """What a server says that lets everybody in and holds nothing; ``more``: what comes before the end of a command."""
    name = command.split(" ")[0].upper()
    name = command.split(" ")[1].upper() if name == "UID" else name
    answers = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
        "EXAMINE": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] \r\n* OK [UIDNEXT 1] \r\n",
        "SEARCH": b"* SEARCH\r\n",
    }
    return (answers | more).get(name, b"") + f"{tag} OK done\r\n".encode()
