"""Who says that they send a Web Push message: VAPID (RFC 8292), as it stands in a request and as it verifies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from canaries.protocols.push_endpoints import decoded

LONGEST_SECONDS = 86_400
"""A token may be good for (RFC 8292, section 2)."""
_LONGEST = 8192
_SHOWN = 256
_PART = re.compile(r"\s*([A-Za-z0-9_]+)\s*=\s*\"?([A-Za-z0-9._=-]*)\"?\s*(?:[,;]|\Z)")


@dataclass(frozen=True, slots=True)
class VapidClaim:
    """What a request says of its sender, and whether that is signed with the key it names."""

    key: str = ""
    """The public key, base64url of an uncompressed point; empty: none is named."""
    subject: str = ""
    """How to reach the sender, by its own word: ``mailto:`` or ``https:``."""
    audience: str = ""
    """Which push service it is for."""
    expires: int = 0
    """Seconds since the epoch; 0: not said."""
    problem: str = ""
    """What is wrong with it; empty: it is signed with `key`."""


def read_vapid(authorization: str, crypto_key: str = "") -> VapidClaim | None:
    """Of the headers ``Authorization`` and, as older senders have it, ``Crypto-Key``; None: no sender is named."""
    scheme, _, rest = authorization[:_LONGEST].strip().partition(" ")
    if scheme.lower() == "vapid":
        parts = dict(_PART.findall(rest))
        token, key = parts.get("t", ""), parts.get("k", "")
    elif scheme.lower() == "webpush":
        token, key = rest.strip(), dict(_PART.findall(crypto_key[:_LONGEST])).get("p256ecdsa", "")
    else:
        return None
    key = key.rstrip("=")
    head, _, tail = token.partition(".")
    claims, _, signature = tail.partition(".")
    try:
        said = _object(claims)
    except ValueError:
        return VapidClaim(key[:_SHOWN], problem="its token cannot be read")
    problem = _problem(head, f"{head}.{claims}".encode("latin-1", "replace"), signature, key)
    expires = said.get("exp")
    return VapidClaim(
        key[:_SHOWN],
        _text(said.get("sub")),
        _text(said.get("aud")),
        int(expires) if isinstance(expires, int | float) and abs(expires) < 2**53 else 0,
        problem,
    )


def _problem(head: str, signed: bytes, signature: str, key: str) -> str:
    try:
        if _object(head).get("alg") != "ES256":
            return "its token is not signed with ES256"
        point, both = decoded(key), decoded(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return "its key or its signature cannot be read"
    if len(both) != 64:
        return "its key or its signature cannot be read"
    r, s = int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big")
    try:
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return "its token is not signed with the key it names"
    return ""


def _object(part: str) -> dict[str, Any]:
    """Raises ValueError."""
    try:
        return msgspec.json.decode(decoded(part), type=dict[str, Any])
    except (RecursionError, msgspec.DecodeError) as error:
        raise ValueError("this is no object") from error


def _text(value: object) -> str:
    return value[:_SHOWN] if isinstance(value, str) else ""
