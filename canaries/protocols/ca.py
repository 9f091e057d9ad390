"""The installation's own certificate authority: key ``ca`` and certificate ``ca.pem`` beside the other keys.

It signs the traps' certificates, and baits that bring their own CA carry ``ca.pem``. Its name follows from the
installation's key: a believable in-house CA, another one everywhere, with nothing of this product in it. Its form is
that of a CA made with CloudFlare's cfssl (``cfssl gencert -initca``), as are the traps' certificates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from canaries.core import files
from canaries.core.errors import HomeError
from canaries.crypto.seeded_random import SeededRandom
from canaries.protocols.house_names import house_name

if TYPE_CHECKING:
    from datetime import datetime

KEY, CERTIFICATE = "ca", "ca.pem"

_FORMS = (
    "{} CA",
    "{} Root CA",
    "{} Internal CA",
    "{} Private CA",
    "{} Internal Root CA",
    "{} Infrastructure CA",
)
_HOSTS = ("ca.{}.internal", "ca.{}.lan", "ca.{}.local", "pki.{}.internal")
_UNITS = ("IT", "Infrastructure", "Platform", "Operations", "Information Security")
_COUNTRIES = ("US", "GB", "DE", "NL", "FR", "CA", "AU", "SE", "IE")
_VALID = timedelta(hours=87_600)
"""``"ca": {"expiry": "87600h"}``, as most write it; cfssl's own five years are short for bait."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA certificate with its key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def load(cls, folder: Path) -> Authority:
        """From ``ca`` and ``ca.pem`` in ``folder``. Raises HomeError."""
        try:
            return cls.parse((folder / KEY).read_bytes(), (folder / CERTIFICATE).read_bytes())
        except (OSError, ValueError) as error:
            raise HomeError(
                f"the certificate authority in {folder} cannot be used: {type(error).__name__}",
                hint="restore ca and ca.pem from your backup",
            ) from error

    @classmethod
    def parse(cls, key_pem: bytes, certificate_pem: bytes) -> Authority:
        """From PEM. Raises ValueError."""
        key = load_pem_private_key(key_pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("the key is of another kind")  # noqa: TRY004  bytes from a file, not a caller's mistake
        return cls(key, x509.load_pem_x509_certificate(certificate_pem))


def ensure(folder: Path, seed: bytes, now: datetime) -> Authority:
    """The authority in ``folder``, made now where there is none yet. Any number of processes may ask at once.

    ``seed``: 32 bytes of this installation, from which its name follows. Raises HomeError.
    """
    if not (folder / CERTIFICATE).is_file():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        files.publish(folder / KEY, pem)
        kept = load_pem_private_key(
            (folder / KEY).read_bytes(), None
        )  # this process's, or that of one that was quicker
        if not isinstance(kept, ec.EllipticCurvePrivateKey):
            raise HomeError(f"the key {folder / KEY} is of another kind")
        certificate = _self_signed(kept, SeededRandom(seed), now)
        files.publish(folder / CERTIFICATE, certificate.public_bytes(Encoding.PEM))
    return Authority.load(folder)


def client_certificate(
    authority: Authority,
    key: ec.EllipticCurvePublicKey,
    names: tuple[str, str],
    serial: bytes,
    begins: datetime,
) -> bytes:
    """A client's certificate, PEM, ten years long; ``names``: organisation (group) and common name (user).

    The same values give the same bytes: the signature is deterministic (RFC 6979).
    """
    oids = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    subject = [x509.NameAttribute(oid, name) for oid, name in zip(oids, names, strict=True)]
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(authority.certificate.subject)
        .public_key(key)
        .serial_number(int.from_bytes(serial[:16], "big") >> 1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, SHA256(), ecdsa_deterministic=True)
        .public_bytes(Encoding.PEM)
    )


def _self_signed(key: ec.EllipticCurvePrivateKey, stream: SeededRandom, now: datetime) -> x509.Certificate:
    house = house_name(stream.child("house"))
    host = re.sub(r"[^a-z]", "", house.partition(" ")[0].lower())
    common = stream.pick("form", (*_FORMS, *_HOSTS))
    names = [(NameOID.COMMON_NAME, common.format(host if common in _HOSTS else house))]
    if stream.below("has a unit", 3) == 0:
        names.insert(0, (NameOID.ORGANIZATIONAL_UNIT_NAME, stream.pick("unit", _UNITS)))
    names.insert(0, (NameOID.ORGANIZATION_NAME, house))
    if stream.below("has a country", 2):
        names.insert(0, (NameOID.COUNTRY_NAME, stream.pick("country", _COUNTRIES)))
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in names])
    # Nobody's CA is as young as the bait that brings it.
    born = now.replace(second=0, microsecond=0) - timedelta(minutes=stream.between("age", 288_000, 1_296_000))
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(stream.draw_bytes("serial", 20), "big") >> 1)
        .not_valid_before(born)
        .not_valid_after(born + _VALID)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
