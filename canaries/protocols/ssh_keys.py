"""SSH keys that follow from a secret: the traps' host keys, and the private keys that are bait.

*Host keys* follow from the ``front`` key, so that a bait can bring the ``known_hosts`` line of a trap that was never
asked; without that line OpenSSH stops at its host-key question and shows nobody a key.

*Bait keys* carry a mark that only the same ``front`` key can see: one key in 256 has it by chance, all bait keys do. A
trap therefore refuses strangers' keys, as a real server would. It must: a client with an agent offers the agent's own
keys first (ssh(1), IdentitiesOnly), and where the first one is accepted, the stolen key is never shown at all.

Formats: RFC 4253 section 6.6, RFC 8709 section 4, RFC 5656 section 3.1; OpenSSH's PROTOCOL.key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from canaries.crypto.rsa_keys import EXPONENT, next_prime
from canaries.crypto.seeded_random import SeededRandom

RSA_BITS = 3072
"""What ssh-keygen makes."""
_MARKED_BYTES = 64
"""Of a key blob: all of an Ed25519 key; of an RSA key the type, the exponent and the upper 320 bits of the modulus."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key as the file formats need it."""

    name: str
    """The algorithm's name: ``ssh-ed25519``, ``ssh-rsa``."""
    blob: bytes
    """The public key as it goes over the wire (RFC 4253, 6.6)."""
    fields: bytes
    """What an OpenSSH private key file holds between the algorithm's name and the comment."""

    @property
    def public(self) -> str:
        """The blob in base64, as in ``authorized_keys``."""
        return base64.b64encode(self.blob).decode()

    @property
    def fingerprint(self) -> str:
        """``SHA256:...`` as ssh-keygen -l and sshd's log write it."""
        return fingerprint(self.blob)

    def openssh(self, comment: str, check: bytes) -> str:
        """The private key file; ``check``: the 4 random bytes that a reader compares."""
        private = 2 * check + _string(self.name.encode()) + self.fields + _string(comment.encode())
        private += bytes(range(1, -len(private) % 8 + 1))
        whole = b"openssh-key-v1\0" + _string(b"none") * 2 + _string(b"") + (1).to_bytes(4, "big")
        whole += _string(self.blob) + _string(private)
        body = "\n".join(textwrap.wrap(base64.b64encode(whole).decode(), 70))
        return f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n"


def fingerprint(blob: bytes) -> str:
    """``SHA256:`` and the unpadded base64 of the hash of a key blob."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def marked(front_key: bytes, blob: bytes) -> bool:
    """Whether a public key may be one of this installation's baits: always for those, else once in 256."""
    message = b"ssh bait key\0" + blob[:_MARKED_BYTES]
    return hmac.new(front_key, message, hashlib.sha256).digest()[0] == 0


def host_keys(front_key: bytes) -> tuple[bytes, bytes]:
    """The seed of the installation's Ed25519 host key, and the secret number of its ECDSA P-256 one (big-endian)."""
    seed = hmac.new(front_key, b"ssh host key ed25519", hashlib.sha256).digest()
    wide = hmac.new(front_key, b"ssh host key ecdsa", hashlib.sha512).digest()
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return seed, (1 + int.from_bytes(wide, "big") % (order - 1)).to_bytes(32, "big")


def host_public(front_key: bytes) -> str:
    """``ssh-ed25519 AAAA...``: the Ed25519 host key of the traps, for a ``known_hosts`` file."""
    key = _ed25519(host_keys(front_key)[0])
    return f"{key.name} {key.public}"


def bait_ed25519(stream: SeededRandom, front_key: bytes) -> PrivateKey:
    """A marked Ed25519 key of this stream."""
    return next(key for key in _ed25519_keys(stream) if marked(front_key, key.blob))


def bait_rsa(stream: SeededRandom, front_key: bytes) -> PrivateKey:
    """A marked RSA key of `RSA_BITS`; takes a second.

    The mark is in the upper part of the modulus, so that part is chosen first and a second prime is looked for that
    makes the product begin with it.
    """
    # With p from 15/16 of what fits, and n from 3/4 to 7/8, q has as many bits as p and is the smaller one.
    half = RSA_BITS // 2
    p = next_prime(_with_top(stream.draw_bytes("rsa p", half // 8), "1111"), stream)
    for number in count():
        wanted = _with_top(stream.draw_bytes(f"rsa n {number}", RSA_BITS // 8), "110")
        if marked(front_key, _rsa_blob(wanted)):
            key = _rsa(p, next_prime(wanted // p, stream))
            if marked(front_key, key.blob):  # else a carry ran through 2700 bits
                return key
    raise AssertionError("unreachable")


def _with_top(drawn: bytes, top: str) -> int:
    """The drawn number with its upper bits replaced by ``top`` (binary)."""
    bits = 8 * len(drawn) - len(top)
    return int.from_bytes(drawn, "big") & (1 << bits) - 1 | int(top, 2) << bits


def _ed25519_keys(stream: SeededRandom) -> Iterator[PrivateKey]:
    for number in count():
        yield _ed25519(stream.draw_bytes(f"ed25519 {number}", 32))


def _ed25519(seed: bytes) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    blob = _string(b"ssh-ed25519") + _string(public)
    return PrivateKey("ssh-ed25519", blob, _string(public) + _string(seed + public))


def _rsa(p: int, q: int) -> PrivateKey:
    n, d = p * q, pow(EXPONENT, -1, (p - 1) * (q - 1))
    fields = b"".join(_mpint(number) for number in (n, EXPONENT, d, pow(q, -1, p), p, q))
    return PrivateKey("ssh-rsa", _rsa_blob(n), fields)


def _rsa_blob(n: int) -> bytes:
    return _string(b"ssh-rsa") + _mpint(EXPONENT) + _mpint(n)


def _string(value: bytes) -> bytes:
    """RFC 4251, section 5."""
    return len(value).to_bytes(4, "big") + value


def _mpint(value: int) -> bytes:
    """RFC 4251, section 5: a leading zero byte where the top bit is set."""
    return _string(value.to_bytes(value.bit_length() // 8 + 1, "big"))
