"""Signatures in the form of OpenSSH (PROTOCOL.sshsig): what ``ssh-keygen -Y sign`` makes and its ``-Y verify`` checks.

Keys are lines as in ``authorized_keys``: Ed25519, ECDSA, RSA (RFC 4253, 5656, 8709) and FIDO keys (PROTOCOL.u2f), whose
signature covers a flag that somebody touched the key: without that flag it is refused here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

_MAGIC = b"SSHSIG"
_ED25519, _SK_ED25519 = "ssh-ed25519", "sk-ssh-ed25519@openssh.com"
_SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    "ecdsa-sha2-nistp256": (ec.SECP256R1(), hashes.SHA256()),
    "ecdsa-sha2-nistp384": (ec.SECP384R1(), hashes.SHA384()),
    "ecdsa-sha2-nistp521": (ec.SECP521R1(), hashes.SHA512()),
    _SK_ECDSA: (ec.SECP256R1(), hashes.SHA256()),
}
_RSA: dict[str, hashes.HashAlgorithm] = {"rsa-sha2-256": hashes.SHA256(), "rsa-sha2-512": hashes.SHA512()}
_SHORTEST_RSA = 2048
_LONGEST = 16_384
"""Bytes of a key or a signature."""
_TOUCHED = 0x01


class SshSignatureError(ValueError):
    """A key or a signature is malformed, or the signature is not this key's over this message."""


@dataclass(frozen=True, slots=True)
class SshPublicKey:
    """A public key as OpenSSH writes it."""

    kind: str
    """``ssh-ed25519`` and its like."""
    blob: bytes
    """RFC 4253, 6.6: the part of the line that is base64."""

    @classmethod
    def parse(cls, line: str) -> SshPublicKey:
        """From a line of a ``.pub`` file; its comment is dropped. Raises SshSignatureError."""
        parts = line.split()
        if len(parts) < 2 or len(parts[1]) > _LONGEST:
            raise SshSignatureError(
                "not an SSH public key: expected a line like: ssh-ed25519 AAAA... comment"
            )
        key = cls.of(_base64(parts[1]))
        if key.kind != parts[0]:
            raise SshSignatureError("the SSH public key is of another type than its line says")
        return key

    @classmethod
    def of(cls, blob: bytes) -> SshPublicKey:
        """From its bytes. Raises SshSignatureError."""
        fields = _Fields(blob)
        kind = fields.text()
        key = cls(kind, blob)
        try:
            key._check(fields)
        except ValueError as error:
            raise SshSignatureError(f"the SSH public key cannot be used: {error}") from error
        return key

    def _check(self, fields: _Fields) -> None:
        if self.kind in (_ED25519, _SK_ED25519):
            Ed25519PublicKey.from_public_bytes(fields.string())
        elif self.kind in _CURVES:
            fields.string()  # the curve's name
            ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[self.kind][0], fields.string())
        elif self.kind == "ssh-rsa":
            exponent, modulus = fields.number(), fields.number()
            if modulus.bit_length() < _SHORTEST_RSA:
                raise SshSignatureError("it is an RSA key of fewer than 2048 bits")
            rsa.RSAPublicNumbers(exponent, modulus).public_key()
        else:
            raise SshSignatureError(f"{self.kind[:40]!r} is none of ed25519, ecdsa, rsa and their FIDO forms")
        if self.kind.startswith("sk-"):
            fields.string()  # the application
        fields.end()

    def __str__(self) -> str:
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    def verify(self, signature: bytes, message: bytes, namespace: str) -> None:
        """Raises SshSignatureError where ``signature`` is not this key's over ``message`` in ``namespace``."""
        fields = _Fields(signature)
        if fields.take(6) != _MAGIC or fields.take(4) != b"\0\0\0\1":
            raise SshSignatureError("not an SSH signature")
        signer, said, reserved, algorithm, made = (fields.string() for _ in range(5))
        fields.end()
        if signer != self.blob:
            raise SshSignatureError("another key made the signature")
        if said != namespace.encode() or algorithm not in (b"sha256", b"sha512"):
            raise SshSignatureError("the signature was made for another purpose")
        digest = hashlib.new(algorithm.decode(), message).digest()
        signed = _MAGIC + b"".join(map(_string, (said, reserved, algorithm, digest)))
        try:
            self._verify(_Fields(made), signed)
        except SshSignatureError:
            raise
        except (InvalidSignature, ValueError) as error:
            raise SshSignatureError("the signature does not fit") from error

    def _verify(self, made: _Fields, signed: bytes) -> None:
        kind, value = made.text(), made.string()
        fields = _Fields(self.blob)
        fields.string()
        if self.kind == "ssh-rsa":
            exponent, modulus = fields.number(), fields.number()
            made.end()
            if kind not in _RSA:
                raise SshSignatureError("an RSA signature with a weak hash")
            key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
            key.verify(value, signed, padding.PKCS1v15(), _RSA[kind])
            return
        if kind != self.kind:
            raise SshSignatureError("the signature is of another type than the key")
        if self.kind in _CURVES:
            fields.string()
        point = fields.string()
        if self.kind.startswith("sk-"):
            signed = _touched(made, fields.string(), signed)
        made.end()
        if self.kind in _CURVES:
            curve, algorithm = _CURVES[self.kind]
            numbers = _Fields(value)
            der = encode_dss_signature(numbers.number(), numbers.number())
            numbers.end()
            ec.EllipticCurvePublicKey.from_encoded_point(curve, point).verify(
                der, signed, ec.ECDSA(algorithm)
            )
        else:
            Ed25519PublicKey.from_public_bytes(point).verify(value, signed)


def of_private(key: Ed25519PrivateKey) -> SshPublicKey:
    """The public side of an Ed25519 key."""
    blob = _string(_ED25519.encode()) + _string(key.public_key().public_bytes_raw())
    return SshPublicKey(_ED25519, blob)


def sign(key: Ed25519PrivateKey, message: bytes, namespace: str) -> bytes:
    """What ``ssh-keygen -Y sign`` would make with this key."""
    head = _string(namespace.encode()) + _string(b"") + _string(b"sha512")
    made = key.sign(_MAGIC + head + _string(hashlib.sha512(message).digest()))
    signature = _string(_ED25519.encode()) + _string(made)
    return _MAGIC + b"\0\0\0\1" + _string(of_private(key).blob) + head + _string(signature)


def unarmoured(text: str) -> bytes:
    """The bytes between ``-----BEGIN SSH SIGNATURE-----`` and its end. Raises SshSignatureError."""
    body = text.partition("-----BEGIN SSH SIGNATURE-----")[2].partition("-----END SSH SIGNATURE-----")[0]
    return _base64("".join(body.split()))


def _touched(made: _Fields, application: bytes, signed: bytes) -> bytes:
    """What a FIDO key signs: hash of the application, flags, counter, hash of the data."""
    flags, counter = made.take(1), made.take(4)
    if not flags[0] & _TOUCHED:
        raise SshSignatureError("nobody touched the FIDO key")
    return hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(signed).digest()


def _string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SshSignatureError("not base64") from error


class _Fields:
    """Reads RFC 4251's strings and numbers."""

    def __init__(self, data: bytes) -> None:
        if len(data) > _LONGEST:
            raise SshSignatureError("too long")
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise SshSignatureError("cut short")
        self._at += count
        return self._data[self._at - count : self._at]

    def string(self) -> bytes:
        return self.take(struct.unpack(">I", self.take(4))[0])

    def text(self) -> str:
        return self.string().decode("ascii", "replace")

    def number(self) -> int:
        """A positive mpint."""
        value = int.from_bytes(self.string(), "big", signed=True)
        if value < 0:
            raise SshSignatureError("a number below zero")
        return value

    def end(self) -> None:
        if self._at != len(self._data):
            raise SshSignatureError("something follows its end")
