"""WireGuard's keys: the server's follows from the installation's key, so that bait and trap agree without speaking.

Whoever mints a configuration puts the public half into it; the trap, which has the same key, opens with the private
half what a client sends first. Keys are X25519 (RFC 7748), written in base64 as ``wg genkey`` writes them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey


@dataclass(frozen=True, slots=True)
class Pair:
    """A key pair; each half 32 bytes."""

    private: bytes
    public: bytes

    @classmethod
    def of(cls, secret: bytes) -> Pair:
        """From 32 random bytes, clamped as ``wg genkey`` clamps them (RFC 7748, section 5)."""
        private = bytes([secret[0] & 248, *secret[1:31], secret[31] & 127 | 64])
        return cls(private, X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())

    def shared(self, public: bytes) -> bytes:
        """The Diffie-Hellman secret with another's public half. Raises ValueError for a point of low order."""
        key = X25519PrivateKey.from_private_bytes(self.private)
        return key.exchange(X25519PublicKey.from_public_bytes(public))


def server_pair(front_key: bytes) -> Pair:
    """The trap's own keys in the installation of ``front_key``."""
    return Pair.of(hmac.new(front_key, b"wireguard server", hashlib.sha256).digest())


def text(key: bytes) -> str:
    """A key as it stands in ``wg0.conf``."""
    return base64.b64encode(key).decode()
