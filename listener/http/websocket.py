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
from collections.abc import Iterable

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


def accepted(
    method: str, target: bytes, headers: Iterable[tuple[bytes, bytes]]
) -> list[tuple[str, str]] | None:
    """Header fields of the answer to an opening handshake (section 4.2.2), those of the server behind nginx; None where
    the request is none, or asks for too little. ``Connection`` is nginx's to ask for, so the client's is not looked at.
    """
    fields = {name.lower(): value for name, value in headers}
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
