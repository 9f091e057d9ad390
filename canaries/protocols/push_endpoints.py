"""The form of a Web Push subscription that is bait: minting writes it, the front recognises it, the back has its keys.

An endpoint's last part is a token as Mozilla's push service writes it, a Fernet token: version, time, 96 bytes, and an
HMAC. Here the HMAC is under this installation's ``front`` key, so the front can tell one that was made up, and cannot
tell one that was planted. The subscription's private key (RFC 8291, section 2) is kept nowhere: it follows from the
token and the ``lookup`` key, which the front does not have, and so does the secret that the bait shows beside it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DRAWN = 96
"""Random bytes of a token: a vector of 16, and what Mozilla's service encrypts of a subscription."""
_HEAD = 9
_LENGTH = _HEAD + DRAWN + 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (SEC 2, section 2.4.2)."""
_PATH = re.compile(r"/wpush/v[12]/([A-Za-z0-9_-]{8,512})\Z")


@dataclass(frozen=True, slots=True, repr=False)
class SubscriptionKeys:
    """What the browser of a subscriber would keep."""

    private: ec.EllipticCurvePrivateKey
    auth: bytes
    """16 bytes."""

    @property
    def public(self) -> bytes:
        """65 bytes, uncompressed: what the subscription shows as ``p256dh``."""
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def endpoint_token(front_key: bytes, seconds: int, drawn: bytes) -> str:
    """The token of an endpoint. ``seconds``: when it was made, since the epoch; ``drawn``: `DRAWN` bytes."""
    said = b"\x80" + seconds.to_bytes(8, "big") + drawn
    return encoded(said + _mac(front_key, said))


def genuine(front_key: bytes, token: str) -> bool:
    """Whether this installation made the token. Never raises."""
    try:
        whole = decoded(token)
    except ValueError:
        return False
    return len(whole) == _LENGTH and hmac.compare_digest(_mac(front_key, whole[:-32]), whole[-32:])


def retired_tag(front_key: bytes, token: str) -> str:
    """22 characters that tell an endpoint which is no longer there to whoever is asked for it."""
    return encoded(hmac.digest(front_key, b"retired push endpoint\0" + token.encode(), "sha256")[:16])


@lru_cache(maxsize=256)
def subscription_keys(lookup_key: bytes, token: str) -> SubscriptionKeys:
    """The keys of the subscription with this token."""
    said = b"web push subscription\0" + token.encode("utf-8", "surrogatepass")
    wide = hmac.digest(lookup_key, b"\1" + said, "sha512")[:48]
    scalar = int.from_bytes(wide, "big") % (_ORDER - 1) + 1
    return SubscriptionKeys(
        ec.derive_private_key(scalar, ec.SECP256R1()), hmac.digest(lookup_key, b"\2" + said, "sha256")[:16]
    )


def token_of(path: str) -> str:
    """The token in the path of an endpoint, whatever stands before; empty where there is none."""
    found = _PATH.search(path)
    return found[1] if found else ""


def encoded(data: bytes) -> str:
    """Base64url without padding (RFC 7515, appendix C)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The inverse. Raises ValueError."""
    if set("+/") & set(text):
        raise ValueError("this is not base64url")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("this is not base64url") from None


def _mac(front_key: bytes, said: bytes) -> bytes:
    return hmac.new(hashlib.sha256(front_key + b"push endpoint").digest(), said, hashlib.sha256).digest()
