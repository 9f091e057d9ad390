"""Sealed boxes: anyone with the public key can encrypt, only the private key decrypts.

X25519 with a fresh ephemeral key, HKDF-SHA256 (RFC 5869) bound to both public keys, AES-256-GCM; the shape of
HPKE's base mode (RFC 9180) with two differences that the volume asks for: one ephemeral key serves many messages
under a counting nonce, and it is renewed every `RENEW_AFTER` messages or `RENEW_SECONDS`, so that what an attacker
finds in a process's memory opens the last second only.

    box = 0x01 | ephemeral public key (32) | counter (8, big endian) | AES-256-GCM ciphertext and tag
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import islice

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from canaries.core import clock

RENEW_AFTER = 10_000
RENEW_SECONDS = 1.0
_AT_ONCE = 64
"""Messages of many that are sealed one after the other: they are then still in the processor's cache."""
_VERSION = b"\x01"
_HEAD = 1 + 32 + 8
_CACHED_KEYS = 4096
_NONCE = 12
"""Bytes, of AES-GCM."""
BEGINS = re.compile(rb"\x01(?=.{32}\x00{6})", re.DOTALL)
"""How every box begins: version, ephemeral key, a counter that stays below 2**16 (`RENEW_AFTER`)."""
BEGINS_BYTES = 1 + 32 + 6


class BoxError(ValueError):
    """These bytes are not a box for this key, or were changed."""


def _key(shared: bytes, ephemeral: bytes, recipient: bytes, purpose: bytes) -> AESGCM:
    hkdf = HKDF(SHA256(), 32, salt=ephemeral + recipient, info=b"trapline box " + purpose)
    return AESGCM(hkdf.derive(shared))


class BoxSealer:
    """Encrypts bytes to one public key. Not thread safe: one per thread or under a lock."""

    def __init__(self, public: bytes, purpose: str) -> None:
        self._public, self._purpose = public, purpose.encode()
        self._left = 0  # the first box makes the first key

    def _renew(self) -> None:
        private = X25519PrivateKey.generate()
        self._ephemeral = private.public_key().public_bytes_raw()
        shared = private.exchange(X25519PublicKey.from_public_bytes(self._public))
        self._aead = _key(shared, self._ephemeral, self._public, self._purpose)
        self._prefix = _VERSION + self._ephemeral
        self._left, self._until = RENEW_AFTER, clock.monotonic() + RENEW_SECONDS
        self._counter = 0

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """One box. ``context`` is bound in, not stored: the opener must name the same."""
        if self._left <= 0 or clock.monotonic() > self._until:
            self._renew()
        self._left -= 1
        self._counter += 1
        counter = self._counter.to_bytes(8, "big")
        return self._prefix + counter + self._aead.encrypt(b"\0\0\0\0" + counter, plain, context)

    def seal_each(self, items: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
        """A box for each (content, context): as `seal`, with one look at the clock for some at a time.

        No more than those are taken from ``items`` before they are sealed, so that they may be made while it goes on.
        """
        waiting, boxes = iter(items), list[bytes]()
        while some := list(islice(waiting, _AT_ONCE)):
            if self._left < len(some) or clock.monotonic() > self._until:
                self._renew()
            prefix, encrypt, first = self._prefix, self._aead.encrypt, self._counter + 1
            for counter, (plain, context) in enumerate(some, first):
                number = counter.to_bytes(8, "big")
                boxes.append(prefix + number + encrypt(b"\0\0\0\0" + number, plain, context))
            self._left -= len(some)
            self._counter += len(some)
        return boxes


class BoxOpener:
    """Decrypts boxes with the private key."""

    def __init__(self, private: bytes, purpose: str) -> None:
        self._private = X25519PrivateKey.from_private_bytes(private)
        self._public = self._private.public_key().public_bytes_raw()
        self._purpose = purpose.encode()
        self._keys: OrderedDict[bytes, AESGCM] = OrderedDict()

    def open(self, box: bytes, context: bytes = b"") -> bytes:
        """The content. Raises BoxError."""
        if len(box) < _HEAD + 16 or box[:1] != _VERSION:
            raise BoxError("not a sealed box")
        ephemeral, counter = box[1:33], box[33:_HEAD]
        aead = self._keys.get(ephemeral)
        if aead is None:
            try:
                shared = self._private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
            except ValueError as error:
                raise BoxError("not a sealed box") from error
            aead = self._keys[ephemeral] = _key(shared, ephemeral, self._public, self._purpose)
            if len(self._keys) > _CACHED_KEYS:
                self._keys.popitem(last=False)
        try:
            return aead.decrypt(b"\0\0\0\0" + counter, box[_HEAD:], context)
        except InvalidTag as error:
            raise BoxError("the box was changed, or is another key's") from error


class Locker:
    """Symmetric encryption, for what one process both writes and reads (the alerts' outbox)."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        return self.seal_each([(plain, context)])[0]

    def seal_each(self, items: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """A box for each (content, context)."""
        encrypt, drawn = (
            self._aead.encrypt,
            secrets.token_bytes(_NONCE * len(items)),
        )  # each draw is a system call
        return [
            (nonce := drawn[start : start + _NONCE]) + encrypt(nonce, plain, context)
            for start, (plain, context) in zip(range(0, len(drawn), _NONCE), items, strict=True)
        ]

    def open(self, box: bytes, context: bytes = b"") -> bytes:
        """The content. Raises BoxError."""
        try:
            return self._aead.decrypt(box[:_NONCE], box[_NONCE:], context)
        except (InvalidTag, ValueError) as error:
            raise BoxError("the box was changed, or is another key's") from error
