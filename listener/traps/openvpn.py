"""The OpenVPN trap: the first packet of a client with a tls-crypt-v2 key tells whose profile it is, over UDP and TCP.

P_CONTROL_HARD_RESET_CLIENT_V3 brings the client's key wrapped for the server, with words of the server's own choice
inside (`canaries.protocols.openvpn`); those words are the token. The older forms, tls-auth and tls-crypt, could be told
apart only by trying the key of every bait, and the front holds none: their packets are recorded as what they are.

A bait profile and a stranger's packet both meet silence: a server whose answer does not come through. Clients try
again with growing pauses for a minute; nothing can be reflected to anybody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.clock import from_micros, rfc3339
from canaries.protocols.openvpn import TAG_BYTES, ServerKey, crypted, server_key
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.datagram_exchange import DatagramExchange
from listener.protocol.identity import Identity
from listener.traps._datagram import BothSettings, BothTrap

_OPCODES = {
    1: "hard reset v1",
    3: "soft reset",
    4: "control",
    5: "ack",
    6: "data v1",
    7: "hard reset v2",
    9: "data v2",
    10: "hard reset v3",
    11: "wrapped key",
}
"""ssl_pkt.h: what a client sends; the opcode is the upper five bits of the first byte."""
_WITH_KEY = (10, 11)
_HEAD = 17
"""Opcode, session id, packet id, time: what tls-crypt authenticates and leaves in clear."""
_CLIENT_CIPHER, _CLIENT_HMAC = slice(128, 160), slice(192, 224)
"""Which parts of the client key serve the way from client to server (crypto.h: key direction "inverse")."""
_LONGEST = 2048
"""OpenVPN's own largest control packet is 1250 bytes, plus 1024 of a wrapped key."""


@dataclass(frozen=True, slots=True)
class OpenvpnSettings(BothSettings):
    """``[traps.openvpn]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1194",)


def read_packet(server: ServerKey, data: bytes) -> dict[str, Any] | None:
    """What a client's packet shows; None where it is no such packet."""
    opcode = data[0] >> 3 if data else 0
    if opcode not in _OPCODES:
        return None
    shown: dict[str, Any] = {"message": _OPCODES[opcode]}
    if opcode in _WITH_KEY:
        shown |= _identified(server, data)
    return shown


def _identified(server: ServerKey, data: bytes) -> dict[str, Any]:
    """Session, clock and words of a packet that brings its key; nothing where it does not prove to have that key."""
    length = int.from_bytes(data[-2:], "big")
    if not 0 < length <= len(data) - _HEAD - TAG_BYTES:
        return {}
    found = server.unwrap(data[-length:])
    if found is None:
        return {}
    key, words = found
    head, tag, sealed = data[:_HEAD], data[_HEAD : _HEAD + TAG_BYTES], data[_HEAD + TAG_BYTES : -length]
    plain = crypted(key[_CLIENT_CIPHER], tag, sealed)
    if not hmac.compare_digest(hmac.new(key[_CLIENT_HMAC], head + plain, hashlib.sha256).digest(), tag):
        return {}
    return {
        "metadata": words.decode("utf-8", "surrogateescape"),
        "session": head[1:9].hex(),
        "client_clock": rfc3339(from_micros(int.from_bytes(head[13:17], "big") * 1_000_000)),
    }


def _note(shown: dict[str, Any] | None) -> Record:
    if shown is None:
        return Record("noise")
    return Record("handshake" if "metadata" in shown else "packet", shown)


class OpenvpnExchange(DatagramExchange):
    """Reads first packets; says nothing."""

    def __init__(self, identity: Identity, settings: OpenvpnSettings) -> None:
        super().__init__(identity, settings)
        self._server = server_key(identity.key)

    def respond(self, data: bytes) -> Iterable[Record | Send]:
        yield _note(read_packet(self._server, data))


class OpenvpnConversation(Conversation):
    """The same packets over TCP, each behind its length (``--proto tcp``)."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._server = server_key(identity.key)

    def feed(self, data: bytes) -> Iterator[Step]:
        self._buffer += data
        while len(self._buffer) >= 2:
            length = int.from_bytes(self._buffer[:2], "big")
            if not 0 < length <= _LONGEST:
                self._buffer.clear()
                yield Record("noise")
                yield Close()
                return
            if len(self._buffer) < 2 + length:
                return
            packet = bytes(self._buffer[2 : 2 + length])
            del self._buffer[: 2 + length]
            yield _note(read_packet(self._server, packet))


class OpenvpnTrap(BothTrap):
    """OpenVPN."""

    name = "openvpn"
    Settings = OpenvpnSettings
    exchange = OpenvpnExchange
    conversation = OpenvpnConversation
