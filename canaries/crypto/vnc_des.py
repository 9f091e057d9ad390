"""VNC Authentication (RFC 6143, 7.2.2): DES with the password as its key, each byte's bits mirrored."""

from __future__ import annotations

BYTES = 8
"""Of a password; what a user types beyond is cut off."""
CHALLENGE_BYTES = 16


def key(password: str) -> bytes:
    """The DES key of a password."""
    text = password.encode("latin-1", "replace")[:BYTES].ljust(BYTES, b"\0")
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in text)


def response(key: bytes, challenge: bytes) -> bytes:
    """What a viewer answers to ``challenge``, whole blocks of eight bytes."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    return Cipher(TripleDES(key * 3), modes.ECB()).encryptor().update(challenge)  # noqa: S305  the protocol's
