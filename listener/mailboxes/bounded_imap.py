"""`imaplib` with an end to everything: time and bytes a command, length of a line, size of a literal; TLS always.

Python's own client believes a server's numbers and waits for each read anew, so that a server which is wrong, hostile
or only slow could fill memory or hold the reader for ever.
"""

from __future__ import annotations

import imaplib
import socket
import ssl

from canaries.core import clock

_LONGEST_LINE = 1 << 20
_CHUNK = 65_536


class BoundedImap(imaplib.IMAP4):
    """One connection. Raises `imaplib.IMAP4.abort` or OSError where an end is reached."""

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext, *, starttls: bool, seconds: float
    ) -> None:
        self._context, self._starttls = context, starttls
        self._buffer = bytearray()
        self._filled_from: socket.socket | None = None
        self.allow(_LONGEST_LINE, seconds)
        super().__init__(host, port, seconds)
        if starttls:
            self._secure(context)

    def _secure(self, context: ssl.SSLContext) -> None:
        try:
            self.starttls(context)
        except BaseException as error:
            self.shutdown()
            if "STARTTLS" not in self.capabilities:
                raise ssl.SSLError("STARTTLS is not offered") from error
            raise

    def allow(self, size: int, seconds: float) -> None:
        """What follows may take ``seconds``, and bring ``size`` bytes."""
        self._left, self._until = size, clock.monotonic() + seconds

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Raises OSError, of which ssl.SSLError is one."""
        self.host, self.port = host, port
        plain = socket.create_connection((host, port), timeout)
        try:
            self.sock = plain if self._starttls else self._context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def shutdown(self) -> None:
        self.sock.close()

    def read(self, size: int) -> bytes:
        """A literal."""
        if size > self._left + len(self._buffer):
            raise self.abort("more than was asked for")
        while len(self._buffer) < size:
            self._fill()
        return self._take(size)

    def readline(self) -> bytes:
        """One line with its end."""
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0:
            looked = len(self._buffer)
            if looked > _LONGEST_LINE:
                raise self.abort("a line without an end")
            self._fill()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _fill(self) -> None:
        if self._filled_from is not self.sock:
            if self._buffer:  # what came in clear behind the answer to STARTTLS is anybody's
                raise self.abort("words before the TLS handshake")
            self._filled_from = self.sock
        left = self._until - clock.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        data = self.sock.recv(_CHUNK)
        if not data:
            raise self.abort("the connection was closed")
        self._left -= len(data)
        if self._left < 0:
            raise self.abort("more than was asked for")
        self._buffer += data
