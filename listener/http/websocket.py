"""WebSocket (RFC 6455): accept the handshake, take what the client says first, undo its masks.

MQTT and AMQP clients, consoles and agents send their credentials in the first frames. Only a request that names a
sub-protocol, or a path that servers have for it, is accepted: others get a page, as from any server that knows none. So
does a handshake that the usual servers refuse, for its version or its key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""Section 1.3."""
_PATH = re.compile(rb"/(?:ws|wss|websocket|mqtt|mqtts|stomp|socket)/?(?:\?|\Z)", re.IGNORECASE)
_PROTOCOL = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_VERSIONS = (b"13", b"8", b"7")
"""Of RFC 6455 and of the last drafts, which servers take as well."""
_KEY_BYTES = 16
_CLOSE = 8
"""The first opcode of a control frame."""
_MOST_FRAMES = 1000
_LONGEST_ASIDE = 125
"""Bytes of a control frame (section 5.5)."""
_BINARY, _PING, _PONG = 2, 9, 10
_LONGEST = 1 << 20
"""Bytes of a frame that is taken."""
MQTT = ("mqtt", "mqttv3.1")
"""Sub-protocols that are MQTT's (OASIS MQTT 3.1.1, section 6; Mosquitto has the second)."""


class FrameError(ValueError):
    """A frame over which the connection is ended."""


class FrameStream:
    """The binary messages of one connection, out of what a client sends (section 5)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.closed = False
        """Whether the client has said that it ends (section 5.5.1)."""

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """What is in the messages' frames that came, unmasked; and what the control frames among them are answered.

        Raises FrameError on a frame that no client may send.
        """
        self._buffer += data
        said, answer = bytearray(), bytearray()
        while (frame := self._frame()) is not None and not self.closed:
            code, piece = frame
            if code == _PING:
                answer += framed(piece, _PONG)
            elif code == _CLOSE:
                answer += framed(piece[:2], _CLOSE)
                self.closed = True
            elif code in (0, _BINARY):
                said += piece
            elif code != _PONG:
                raise FrameError("no binary message")
        return bytes(said), bytes(answer)

    def _frame(self) -> tuple[int, bytes] | None:
        """Opcode and content of the next frame; None while it is not whole."""
        if len(self._buffer) < 2:
            return None
        first, length = self._buffer[0], self._buffer[1] & 127
        if not self._buffer[1] & 128 or first & 0x70:
            raise FrameError("a frame without a mask, or with an extension")
        at = 2 + {126: 2, 127: 8}.get(length, 0)
        if at > 2:
            length = int.from_bytes(self._buffer[2:at], "big") if len(self._buffer) >= at else 0
        if length > _LONGEST:
            raise FrameError("the frame is too long")
        if first & 15 >= _CLOSE and (length > _LONGEST_ASIDE or not first & 0x80):
            raise FrameError("a control frame that is long, or one of several")
        if len(self._buffer) < at + 4 + length:
            return None
        mask, piece = bytes(self._buffer[at : at + 4]), bytes(self._buffer[at + 4 : at + 4 + length])
        del self._buffer[: at + 4 + length]
        return first & 15, _unmasked(piece, mask)


def framed(data: bytes, code: int = _BINARY) -> bytes:
    """One frame of a server (section 5.2)."""
    if len(data) <= _LONGEST_ASIDE:
        length = bytes([len(data)])
    else:
        length = (
            b"\x7e" + len(data).to_bytes(2, "big")
            if len(data) < 1 << 16
            else b"\x7f" + len(data).to_bytes(8, "big")
        )
    return bytes([0x80 | code]) + length + data


def accepted(method: str, target: bytes, fields: Mapping[bytes, bytes]) -> list[tuple[str, str]] | None:
    """Header fields of the answer to an opening handshake (section 4.2.2), those of the server behind nginx; None where
    the request is none, or asks for too little. ``fields``: the request's headers by lower-case name; ``Connection`` is
    nginx's to ask for, so the client's is not looked at.
    """
    key = fields.get(b"sec-websocket-key", b"").strip()
    if method != "GET" or fields.get(b"upgrade", b"").lower() != b"websocket":
        return None
    if fields.get(b"sec-websocket-version", b"").strip() not in _VERSIONS or not _is_key(key):
        return None
    protocol = _PROTOCOL.match(fields.get(b"sec-websocket-protocol", b""))
    if protocol is None and not _PATH.search(target):
        return None
    digest = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    answer = [("Upgrade", "websocket"), ("Sec-WebSocket-Accept", digest.decode())]
    return answer if protocol is None else [*answer, ("Sec-WebSocket-Protocol", protocol[0].decode())]


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except binascii.Error:
        return False


def payloads(data: bytes) -> list[bytes]:
    """The messages in ``data``, unmasked (section 5.3), the fragments of each put together, whatever control frame
    stands between them (section 5.4); then all one behind the other, as MQTT reads them. Never raises."""
    messages: list[bytes] = []
    asides: list[bytes] = []
    pieces: list[bytes] = []
    at = 0
    for _ in range(_MOST_FRAMES):
        if at + 2 > len(data):
            break
        first, length, masked, at = data[at], data[at + 1] & 127, bool(data[at + 1] & 128), at + 2
        size = {126: 2, 127: 8}.get(length, 0)
        if size:
            length, at = int.from_bytes(data[at : at + size], "big"), at + size
        mask, at = (data[at : at + 4], at + 4) if masked else (b"", at)
        piece = data[at : at + length]
        piece = _unmasked(piece, mask) if len(mask) == 4 else piece
        at += length
        if first & 15 >= _CLOSE:
            asides.append(piece)
            continue
        pieces.append(piece)
        if first & 128:
            messages.append(b"".join(pieces))
            pieces = []
    messages += [b"".join(pieces)] if pieces else []
    return [*messages, *filter(None, asides), *([b"".join(messages)] if len(messages) > 1 else [])]


def _unmasked(piece: bytes, mask: bytes) -> bytes:
    whole = (mask * (len(piece) // 4 + 1))[: len(piece)]
    return (int.from_bytes(piece, "big") ^ int.from_bytes(whole, "big")).to_bytes(len(piece), "big")
