"""OpenVPN's tls-crypt-v2: client keys that carry metadata to the server, sealed with one key of the server's.

The client sends its key, wrapped, with its first packet; whoever has the server key reads from it which client it is
and needs to know none of them beforehand. The server key follows from the installation's key. The form is that of
OpenVPN's ``doc/tls-crypt-v2.txt``, sections "Client-specific tls-crypt keys" and "Wrapping":

    WKc = T | AES-256-CTR(Ke, T[:16], Kc | metadata) | length         T = HMAC-SHA256(Ka, length | Kc | metadata)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

CLIENT_KEY_BYTES = 256
TAG_BYTES = 32
_USER = b"\0"
"""TLS_CRYPT_METADATA_TYPE_USER."""
_MOST_METADATA = 733
"""TLS_CRYPT_V2_MAX_METADATA_LEN without its type."""


@dataclass(frozen=True, slots=True)
class ServerKey:
    """The half of a tls-crypt-v2 server key file that is used."""

    encryption: bytes
    """Ke, 32 bytes."""
    authentication: bytes
    """Ka, 32 bytes."""

    def wrap(self, client_key: bytes, words: bytes) -> bytes:
        """WKc for a client key of 256 bytes and at most 733 bytes of words. Raises ValueError."""
        if len(client_key) != CLIENT_KEY_BYTES or len(words) > _MOST_METADATA:
            raise ValueError("the key or its metadata has a wrong length")
        plain = client_key + _USER + words
        length = (TAG_BYTES + len(plain) + 2).to_bytes(2, "big")
        tag = _tag(self.authentication, length + plain)
        return tag + crypted(self.encryption, tag, plain) + length

    def unwrap(self, wrapped: bytes) -> tuple[bytes, bytes] | None:
        """The client key and the words in a WKc; None where it was not wrapped with this key."""
        tag, sealed, length = wrapped[:TAG_BYTES], wrapped[TAG_BYTES:-2], wrapped[-2:]
        if int.from_bytes(length, "big") != len(wrapped) or len(sealed) <= CLIENT_KEY_BYTES:
            return None
        plain = crypted(self.encryption, tag, sealed)
        if not hmac.compare_digest(_tag(self.authentication, length + plain), tag):
            return None
        return plain[:CLIENT_KEY_BYTES], plain[CLIENT_KEY_BYTES + 1 :]


def server_key(front_key: bytes) -> ServerKey:
    """The key of the installation of ``front_key``."""
    material = hmac.new(front_key, b"openvpn tls-crypt-v2 server", hashlib.sha512).digest()
    return ServerKey(material[:32], material[32:])


def crypted(key: bytes, tag: bytes, data: bytes) -> bytes:
    """AES-256-CTR, whose counter begins at the first half of the tag: encrypts and decrypts."""
    return Cipher(AES(key), CTR(tag[:16])).encryptor().update(data)


def client_pem(client_key: bytes, wrapped: bytes) -> str:
    """The client's key file: what stands between ``<tls-crypt-v2>`` and its end."""
    body = base64.b64encode(client_key + wrapped).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    name = "OpenVPN tls-crypt-v2 client key"
    return "\n".join((f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"))


def _tag(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()
