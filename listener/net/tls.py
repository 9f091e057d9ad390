"""TLS of one connection, server side, over bytes that somebody else carries: for protocols that begin in clear.

`ssl.MemoryBIO` instead of the loop's own TLS, because the first bytes of the handshake may have been read together
with the request for it (MySQL's clients do not wait for an answer), and because the raw ClientHello is evidence.
"""

from __future__ import annotations

import contextlib
import ssl

_CHUNK = 65_536


class Tls:
    """What is given in is looked at; what must be sent on is taken with `outgoing`."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.session = context.wrap_bio(self._in, self._out, server_side=True)

    def shake(self, data: bytes) -> bool:
        """Take part of the handshake; whether it is finished. Raises ssl.SSLError."""
        self._in.write(data)
        try:
            self.session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def opened(self, data: bytes) -> tuple[bytes, bool]:
        """What these records hold, and whether the client has ended TLS with them. Raises ssl.SSLError."""
        self._in.write(data)
        plain = bytearray()
        try:
            while part := self.session.read(_CHUNK):
                plain += part
        except ssl.SSLWantReadError:
            return bytes(plain), False
        except ssl.SSLZeroReturnError:
            pass
        return bytes(plain), True

    def sealed(self, data: bytes) -> bytes:
        """``data`` as records, behind whatever else must be sent. Raises ssl.SSLError once TLS has ended."""
        self.session.write(data)
        return self.outgoing()

    def closing(self) -> bytes:
        """close_notify (RFC 8446, section 6.1)."""
        with contextlib.suppress(ssl.SSLError):
            self.session.unwrap()
        return self.outgoing()

    def outgoing(self) -> bytes:
        """What must be sent now."""
        return self._out.read()
