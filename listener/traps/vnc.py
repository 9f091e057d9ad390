"""The VNC trap: a challenge, the response that shows which password was typed to whoever knows it, then a refusal.

RFC 6143: section 7.1.1 the versions, 7.1.2 security types, 7.1.3 the result, 7.2.2 VNC Authentication. The response is
the challenge under DES with the password as key: it can be checked against a known password, and not turned back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.traps._stream import StreamSettings, StreamTrap

_VERSION = re.compile(rb"RFB (\d{3})\.(\d{3})\n")
_VERSION_BYTES = 12
_CHALLENGE_BYTES = 16
_VNC_AUTHENTICATION = 2
_REASONS = (b"Authentication failed", b"Authentication failure", b"password check failed!")
"""As TigerVNC, RealVNC and x11vnc say it."""


@dataclass(frozen=True, slots=True)
class VncSettings(StreamSettings):
    """``[traps.vnc]``."""

    bind: tuple[str, ...] = ("127.0.0.1:5900",)


class VncConversation(Conversation):
    """A server for which every password is wrong."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._version = b""
        """The client's, without its line end."""
        self._minor = 0
        self._challenged = False
        self._challenge = identity.challenge(f"vnc:{number}", _CHALLENGE_BYTES)

    def greet(self) -> Iterable[Step]:
        yield Send(b"RFB 003.008\n")

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        if not self._version:
            if len(self._buffer) < _VERSION_BYTES:
                return
            yield from self._agree(self._taken(_VERSION_BYTES))
        if not self._challenged:
            if not self._buffer:
                return
            if self._taken(1)[0] != _VNC_AUTHENTICATION:
                raise ValueError("a security type that was not offered")
            yield from self._ask()
        if len(self._buffer) >= _CHALLENGE_BYTES:
            yield from self._refuse(self._taken(_CHALLENGE_BYTES))

    def _taken(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _agree(self, line: bytes) -> Iterator[Step]:
        found = _VERSION.fullmatch(line)
        if found is None:
            raise ValueError("no version of RFB")
        self._version = line.rstrip(b"\n")
        # Versions that never were count as 3.3 (7.1.1); above 3.8 nothing was published.
        self._minor = min(int(found[2]), 8) if int(found[1]) == 3 and int(found[2]) >= 7 else 3
        yield Record("version", {"client": self._version.decode()})
        if self._minor == 3:
            yield Send(_VNC_AUTHENTICATION.to_bytes(4, "big"))
            yield from self._ask()
        else:
            yield Send(bytes((1, _VNC_AUTHENTICATION)))

    def _ask(self) -> Iterator[Step]:
        self._challenged = True
        yield Send(self._challenge)

    def _refuse(self, response: bytes) -> Iterator[Step]:
        shown = {
            "client": self._version.decode(),
            "challenge": self._challenge.hex(),
            "response": response.hex(),
        }
        yield Record("login", shown)
        reason = self.identity.stream("vnc").pick("reason", _REASONS)
        yield Send(b"\0\0\0\x01" + (len(reason).to_bytes(4, "big") + reason if self._minor >= 8 else b""))
        yield Close()


class VncTrap(StreamTrap):
    """RFB 3.3, 3.7 and 3.8, plain."""

    name = "vnc"
    Settings = VncSettings
    conversation = VncConversation
