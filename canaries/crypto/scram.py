"""SCRAM as MongoDB has it: the salt that a user of one installation gets, and what a server keeps of a password.

RFC 5802 and RFC 7677; with SHA-1 MongoDB hashes user and password first (its specification "Authentication"). The
salts follow from the ``front`` key, so minting knows what the trap will ask; the stored key is what RFC 5802, section
3, lets a server keep.
"""

from __future__ import annotations

import hashlib
import hmac

from canaries.crypto.seeded_random import SeededRandom

MECHANISMS = {"SCRAM-SHA-1": (16, 10_000), "SCRAM-SHA-256": (28, 15_000)}
"""Bytes of the salt and iterations: MongoDB's own numbers."""
_HASHES = {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256"}


def salt(front_key: bytes, user: str, mechanism: str) -> bytes:
    """The salt of ``user``: the same whenever they are asked, another in each installation."""
    stream = SeededRandom(hmac.new(front_key, b"persona:mongodb", hashlib.sha256).digest())
    return stream.draw_bytes(f"salt:{user}", MECHANISMS[mechanism][0])


def client_key(mechanism: str, user: str, password: str, salt: bytes, iterations: int) -> bytes:
    """ClientKey (RFC 5802, section 3)."""
    name = _HASHES[mechanism]
    secret = password.encode("utf-8", "replace")
    if name == "sha1":
        hashed = hashlib.md5(f"{user}:mongo:{password}".encode("utf-8", "replace"))  # noqa: S324  MongoDB's own
        secret = hashed.hexdigest().encode()
    salted = hashlib.pbkdf2_hmac(name, secret, salt, iterations)
    return hmac.digest(salted, b"Client Key", name)


def stored_key(mechanism: str, key: bytes) -> bytes:
    """StoredKey of a `client_key`."""
    return hashlib.new(_HASHES[mechanism], key).digest()


def proves(mechanism: str, stored: bytes, message: bytes, proof: bytes) -> bool:
    """Whether ``proof`` of the exchange ``message`` (AuthMessage) was made with the key that ``stored`` is of."""
    signed = hmac.digest(stored, message, _HASHES[mechanism])
    if len(proof) != len(signed):
        return False
    key = bytes(one ^ other for one, other in zip(proof, signed, strict=True))
    return hmac.compare_digest(stored_key(mechanism, key), stored)
