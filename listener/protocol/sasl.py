"""SASL as far as passwords come in clear: PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login), the server's side.

Nothing stronger is ever offered: a client that may choose takes CRAM or SCRAM and then keeps its password to itself.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from canaries.core.text import decoded

MECHANISMS = ("PLAIN", "LOGIN")


class SaslError(ValueError):
    """The exchange has failed: unknown mechanism, no base64, no PLAIN message, or the client gave it up."""


class RefusedError(SaslError):
    """The exchange was in order, but user or password is wrong."""


@dataclass(frozen=True, slots=True)
class SaslLogin:
    """Who logs in, with what. All text is the client's."""

    user: str
    password: str
    mechanism: str
    acting_as: str = ""
    """PLAIN's authorization identity, where it is another than ``user``."""

    def shown(self) -> dict[str, str]:
        """As a note has it."""
        found = {"user": self.user, "password": self.password, "mechanism": self.mechanism}
        return {**found, "acting_as": self.acting_as} if self.acting_as else found


class SaslExchange:
    """One authentication. Feed it the client's responses until it gives a `SaslLogin`."""

    def __init__(self, mechanism: bytes) -> None:
        """Raises SaslError where the mechanism is not one of `MECHANISMS`."""
        self.mechanism = decoded(mechanism).upper()
        if self.mechanism not in MECHANISMS:
            raise SaslError("unknown mechanism")
        self.user: str | None = None
        """What LOGIN has told of it so far."""

    def respond(self, response: bytes | None) -> bytes | SaslLogin:
        """The challenge to send, in base64, or the finished login.

        ``response`` is the client's line, or its initial response, in base64; None: there was no initial one. Raises
        SaslError.
        """
        if response == b"*":  # RFC 4954, section 4; RFC 3501, section 6.2.2
            raise SaslError("given up")
        if self.mechanism == "PLAIN":
            return b"" if response is None else self._plain(_unpacked(response))
        if response is None:
            return base64.b64encode(b"Username:")
        if self.user is None:
            self.user = decoded(_unpacked(response))
            return base64.b64encode(b"Password:")
        return SaslLogin(self.user, decoded(_unpacked(response)), self.mechanism)

    def _plain(self, message: bytes) -> SaslLogin:
        parts = message.split(b"\0")
        if len(parts) != 3:
            raise SaslError("no PLAIN message")
        acting_as, user, password = (decoded(part) for part in parts)
        return SaslLogin(user, password, self.mechanism, "" if acting_as == user else acting_as)


def _unpacked(response: bytes) -> bytes:
    if response == b"=":  # an empty initial response: RFC 4954, section 4
        return b""
    try:
        return base64.b64decode(response, validate=True)
    except binascii.Error as problem:
        raise SaslError("no base64") from problem
