"""Reading a Web Push message: RFC 8291 over RFC 8188's ``aes128gcm``, with the subscriber's keys. Back half only."""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from canaries.protocols.push_endpoints import SubscriptionKeys

_HEAD = 21
_POINT = 65
_SMALLEST, _SHORTEST = 18, 17
"""What a record size may be (RFC 8188, section 2), and a record: a tag and the end of its padding."""


class PushMessageError(ValueError):
    """A message cannot be read. The sentence holds nothing of it."""


@dataclass(frozen=True, slots=True)
class PushMessage:
    """What was sent."""

    content: bytes
    sender_key: bytes
    """65 bytes: the sender's, for this message alone."""


def read_push_message(body: bytes, keys: SubscriptionKeys) -> PushMessage:
    """The message in the body of a request. Raises PushMessageError."""
    if len(body) < _HEAD:
        raise PushMessageError("it is too short")
    salt, (size, named) = body[:16], struct.unpack(">LB", body[16:_HEAD])
    point, record = body[_HEAD : _HEAD + named], body[_HEAD + named :]
    if named != _POINT or len(point) != _POINT:
        raise PushMessageError("it names no key of its sender")
    if size < _SMALLEST or not _SHORTEST <= len(record) <= size:
        raise PushMessageError("it is not one whole record")  # RFC 8291, section 4: no more than one
    try:
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise PushMessageError("its sender's key is none") from None
    key, nonce = _content_keys(keys, sender, salt)
    try:
        padded = AESGCM(key).decrypt(nonce, record, None)
    except InvalidTag:
        raise PushMessageError("it is not encrypted to this subscription") from None
    stripped = padded.rstrip(b"\0")
    if stripped[-1:] != b"\2":  # RFC 8188, section 2: the last record
        raise PushMessageError("its padding is wrong")
    return PushMessage(stripped[:-1], point)


def _content_keys(
    keys: SubscriptionKeys, sender: ec.EllipticCurvePublicKey, salt: bytes
) -> tuple[bytes, bytes]:
    """Content key and nonce: HKDF twice (RFC 8291, section 3.4), each output shorter than one hash."""
    shared = keys.private.exchange(ec.ECDH(), sender)
    told = sender.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    first = hmac.digest(keys.auth, shared, "sha256")
    secret = hmac.digest(first, b"WebPush: info\0" + keys.public + told + b"\1", "sha256")
    second = hmac.digest(salt, secret, "sha256")
    key = hmac.digest(second, b"Content-Encoding: aes128gcm\0\1", "sha256")[:16]
    return key, hmac.digest(second, b"Content-Encoding: nonce\0\1", "sha256")[:12]
