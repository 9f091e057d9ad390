"""RSA keys that a bait brings as JSON, as key files of service accounts do: their public half, and what they signed."""

from __future__ import annotations

import base64
import json

_NAME = "private_key"
_MOST_BITS = 8192


def private_pem(text: str) -> str:
    """The PEM that JSON has as ``private_key``; empty where there is none."""
    if f'"{_NAME}"' not in text:
        return ""
    try:
        found = json.loads(text)
    except ValueError:
        return ""
    pem = found.get(_NAME) if isinstance(found, dict) else None
    return pem if isinstance(pem, str) and "PRIVATE KEY" in pem else ""


def public_half(text: str) -> str:
    """SubjectPublicKeyInfo of the RSA key in a bait's text, DER in Base64; empty where there is none."""
    pem = private_pem(text)
    return _public(pem) if pem else ""


def verifies(key: str, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2) by this public half, or by the private
    key whose PEM this is. Raises ValueError where it is no RSA key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    half = _public(key) if "PRIVATE KEY" in key else key
    public = load_der_public_key(base64.b64decode(half, validate=True))
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size > _MOST_BITS:
        raise ValueError("no RSA key")
    try:
        public.verify(signature, message, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _public(pem: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    # The key was made here and is only read: checking its primes again would take longer than making the bait.
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        return ""
    half = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(half).decode()
