"""An authenticator in software: makes passkeys and signs with them as W3C Web Authentication, Level 3, 6 and 7 say."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One device with one key."""

    origin: str
    """What the browser says it is at."""
    number: int = 7
    """Its key and its credential's id follow from this."""
    verified: bool = True
    """Whether it asked for a finger."""
    signs: int = 0
    user: bytes = b""
    key: EllipticCurvePrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = derive_private_key(self.number, SECP256R1())

    @property
    def id(self) -> bytes:
        return hashlib.sha256(bytes([self.number])).digest()

    def create(self, options: str) -> str:
        """As ``navigator.credentials.create`` would say."""
        asked = json.loads(options)
        self.user = base64.urlsafe_b64decode(asked["user"]["id"] + "==")
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        data = self._data(asked["rp"]["id"], _ATTESTED) + attested
        made = {"attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}))}
        return self._said({**made, "clientDataJSON": text(self._client("webauthn.create", asked))})

    def get(self, options: str, **changed: str) -> str:
        """As ``navigator.credentials.get`` would say, but for what is ``changed``."""
        asked, self.signs = json.loads(options), self.signs + 1
        client, data = self._client("webauthn.get", asked), self._data(asked["rpId"], 0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(client),
            "authenticatorData": text(data),
            "signature": text(signature),
        }
        return self._said({**response, "userHandle": text(self.user), **changed})

    def _data(self, party: str, more: int) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verified else 0) | more
        return hashlib.sha256(party.encode()).digest() + struct.pack(">BI", flags, self.signs)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _said(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        )
