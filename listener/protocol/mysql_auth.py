"""The server's side of caching_sha2_password as far as it brings the password in clear: full authentication.

MySQL's "Caching_sha2_password information" (dev.mysql.com/doc/dev/mysql-server, connection phase): a password that is
not in the server's cache is asked for, over TLS as it is, otherwise under the server's RSA key. That is what every
MySQL 8 does after a restart, so clients go along with it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from canaries.core.text import decoded
from listener.protocol.octets import Octets

NAME = b"caching_sha2_password"
FULL = b"\x01\x04"
"""perform_full_authentication."""
KEY_WANTED = (b"\x02", b"\x01")
"""request_public_key, also as sha256_password's clients ask for it."""
_PADDING = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303  the protocol's own
_MOST_ATTRIBUTES = 64
_NEVER = b"\0$"
"""A salt holds no NUL, where it would end, and no ``$``, which separates it in the server's table."""


@cache
def server_key() -> rsa.RSAPrivateKey:
    """One for each process, as a server makes it when it has none."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem() -> bytes:
    """What a client is sent when it asks for the key."""
    return server_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def opened(message: bytes, salt: bytes) -> bytes:
    """The password out of what a client encrypted, without the NUL at its end. Raises ValueError."""
    clear = server_key().decrypt(message, _PADDING)
    return bytes(byte ^ salt[at % len(salt)] for at, byte in enumerate(clear)).removesuffix(b"\0")


def salt_of(chance: bytes) -> bytes:
    """A salt of the real alphabet, seven bits without `_NEVER`, from as many random bytes."""
    return bytes(letter if (letter := byte & 0x7F) not in _NEVER else 0x25 for byte in chance)


def counted(packet: Octets) -> bytes:
    """A string behind its length-encoded length."""
    first = packet.number(1)
    if first in (0xFB, 0xFF):
        raise ValueError("no length")
    return packet.next_bytes(packet.number({0xFC: 2, 0xFD: 3, 0xFE: 8}[first]) if first > 0xFB else first)


def length(size: int) -> bytes:
    """A length-encoded integer, below 2^24."""
    if size < 0xFB:
        return bytes([size])
    width, mark = (2, 0xFC) if size < 1 << 16 else (3, 0xFD)
    return bytes([mark]) + size.to_bytes(width, "little")


def with_length(data: bytes) -> bytes:
    """A string behind its length-encoded length, as a row holds it."""
    return length(len(data)) + data


def attributes(packet: Octets) -> dict[str, str]:
    """The connection attributes: ``_client_name``, ``_os``, ``_pid``, ``program_name`` and what else a client says."""
    inner = Octets(counted(packet))
    found: dict[str, str] = {}
    while inner.left and len(found) < _MOST_ATTRIBUTES:
        name = decoded(counted(inner))
        found[name] = decoded(counted(inner))
    return found


def shown(user: bytes, database: bytes, attributes: dict[str, str]) -> dict[str, Any]:
    """What a login shows, for a note."""
    said = (attributes.get(name, "") for name in ("program_name", "_client_name", "_client_version", "_os"))
    told = {
        "user": decoded(user), "database": decoded(database), "client": " ".join(filter(None, said)),
        "attributes": attributes,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value or name == "user"}
