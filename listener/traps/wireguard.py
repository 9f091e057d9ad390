"""The WireGuard trap: the first packet of a tunnel tells whose configuration it is, and what the client's clock says.

Message 1 of the handshake (whitepaper, section 5.4.2; Noise IKpsk2) carries the initiator's static public key,
encrypted to the server, and proves possession of the private one. The server's key follows from the front's own
(`canaries.protocols.wireguard`), so no configuration is known here: the public key is the token that the back knows.

Nobody is answered. A real server answers the peers it knows and is silent to all others; the front cannot know which
are bait, and answering strangers would betray it with one made-up key. Silence is what a peer that has been
removed gets, clients try again every five seconds, and not a byte can be reflected to anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from canaries.core.clock import from_micros, rfc3339
from canaries.protocols.wireguard import Pair, server_pair, text
from listener.protocol.conversation import Record, Send
from listener.protocol.datagram_exchange import DatagramExchange
from listener.protocol.identity import Identity
from listener.traps._datagram import DatagramSettings, DatagramTrap

_CONSTRUCTION = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
_IDENTIFIER = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
_MAC1 = b"mac1----"
_INITIATION = struct.Struct("<B3xI32s48s28s16s16s")
"""Type, sender, ephemeral key, static key, time stamp (each with its tag), mac1, mac2: 148 bytes."""
_TAI64N = struct.Struct(">QI")
_TAI64_EPOCH = (1 << 62) + 10
"""The label of 1970-01-01 as WireGuard counts (TAI less the ten seconds before leap seconds began)."""
_YEAR_10000 = 253_402_300_800_000_000
"""Microseconds: a client may claim any time, not every one can be written."""
_NAMES = {1: "initiation", 2: "response", 3: "cookie", 4: "data"}


@dataclass(frozen=True, slots=True)
class WireguardSettings(DatagramSettings):
    """``[traps.wireguard]``."""

    bind: tuple[str, ...] = ("127.0.0.1:51820",)
    datagrams_a_second: float = 500.0
    """Each costs two Diffie-Hellman exchanges, half a millisecond."""
    datagrams_a_second_per_source: float = 20.0
    """A client sends one in five seconds."""


@dataclass(frozen=True, slots=True)
class Initiation:
    """What a first packet holds for the server."""

    sender: int
    """The session index that the client chose."""
    public: bytes
    """The client's static public key; the packet proves that it has the private one."""
    clock: int
    """The client's clock, microseconds since the epoch, as coarse as the client makes it."""


def opened(server: Pair, data: bytes) -> Initiation | None:
    """The initiation in ``data``; None where it is none, or none for this server."""
    if len(data) != _INITIATION.size or data[:4] != b"\x01\0\0\0":
        return None
    _, sender, ephemeral, static, stamp, mac1, _ = _INITIATION.unpack(data)
    # First, because it is cheap: who does not have the server's public key costs no curve.
    if not hmac.compare_digest(_keyed(_hash(_MAC1, server.public), data[:116]), mac1):
        return None
    chain = _hash(_CONSTRUCTION)
    seen = _hash(_hash(_hash(chain, _IDENTIFIER), server.public), ephemeral)
    (chain,) = _derived(chain, ephemeral, 1)
    try:
        chain, key = _derived(chain, server.shared(ephemeral), 2)
        public = ChaCha20Poly1305(key).decrypt(bytes(12), static, seen)
        seen = _hash(seen, static)
        _, key = _derived(chain, server.shared(public), 2)
        seconds, nanoseconds = _TAI64N.unpack(ChaCha20Poly1305(key).decrypt(bytes(12), stamp, seen))
    except (InvalidTag, ValueError):  # ValueError: a point of low order
        return None
    return Initiation(sender, public, (seconds - _TAI64_EPOCH) * 1_000_000 + nanoseconds // 1000)


def _hash(*parts: bytes) -> bytes:
    return hashlib.blake2s(b"".join(parts)).digest()


def _keyed(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def _derived(key: bytes, data: bytes, count: int) -> list[bytes]:
    """KDF_n of the whitepaper, section 5.4: HKDF (RFC 5869) with HMAC-BLAKE2s."""
    secret = hmac.new(key, data, hashlib.blake2s).digest()
    found = [b""]
    for number in range(1, count + 1):
        found.append(hmac.new(secret, found[-1] + bytes([number]), hashlib.blake2s).digest())
    return found[1:]


class WireguardExchange(DatagramExchange):
    """Opens initiations; says nothing."""

    def __init__(self, identity: Identity, settings: WireguardSettings) -> None:
        super().__init__(identity, settings)
        self._server = server_pair(identity.key)

    def respond(self, data: bytes) -> Iterable[Record | Send]:
        found = opened(self._server, data)
        if found is None:
            yield Record("noise", {"message": _NAMES.get(data[0], "unknown") if data else "empty"})
            return
        shown = {"message": "initiation", "public_key": text(found.public), "session": found.sender}
        if 0 <= found.clock < _YEAR_10000:
            shown["client_clock"] = rfc3339(from_micros(found.clock))
        yield Record("handshake", shown)


class WireguardTrap(DatagramTrap):
    """WireGuard."""

    name = "wireguard"
    Settings = WireguardSettings
    exchange = WireguardExchange
