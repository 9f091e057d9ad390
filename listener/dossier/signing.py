"""The certificate that signs dossiers, made for the first one, and the signature itself.

Making it is an entry of the ledger with its fingerprint. It is made once: where dossiers were signed before and the key
is gone, it is restored from a backup, never quietly replaced, and a check makes no key at all.

The certificate is self-signed: whoever relies on it has to get it from the publisher by another way. It has no
well-defined expiry (RFC 5280, 4.1.2.5), so that a dossier can still be checked when the case is heard, years later.
The signature is CMS (RFC 5652), detached, without embedded certificates and without attributes: nothing in it is
unsigned filler, and stock openssl checks it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from canaries.core import files
from canaries.core.errors import HomeError
from canaries.installation.home import Home

KEY = "dossier"
_NO_EXPIRY = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_OPTIONS = [
    pkcs7.PKCS7Options.DetachedSignature,
    pkcs7.PKCS7Options.Binary,
    pkcs7.PKCS7Options.NoAttributes,
    pkcs7.PKCS7Options.NoCerts,
]


class Signer:
    """Signs in the name of one installation. Raises HomeError where the key file is not there or cannot be used."""

    def __init__(self, home: Home) -> None:
        self._path = home.path / "keys" / KEY
        if not self._path.exists():
            raise HomeError(
                f"the key that signs dossiers is not in {self._path.parent}",
                hint="it is made by the first: trapline dossier build",
            )

    @classmethod
    def make(cls, home: Home) -> Signer:
        """The signer, its key made now where no dossier was signed yet. Raises HomeError."""
        path = home.path / "keys" / KEY
        if not path.exists():
            if _signed_before(home):
                raise HomeError(
                    f"the key that signed earlier dossiers is not in {path.parent}",
                    hint="restore keys/dossier from your backup",
                )
            if _make(home):
                made = cls(home)
                said = home.act("setting", {"what": "key", "name": KEY, "sha256": made.fingerprint})
                with home.store.write() as connection:
                    home.writer.put(connection, said)
        return cls(home)

    @cached_property
    def _pair(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        try:
            content = self._path.read_bytes()
            key = serialization.load_pem_private_key(content, None)
            certificate = x509.load_pem_x509_certificate(content)
        except (OSError, ValueError) as error:
            raise HomeError(f"the key file {self._path} cannot be used: {type(error).__name__}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise HomeError(f"the key file {self._path} holds another sort of key")
        return key, certificate

    @property
    def certificate(self) -> bytes:
        """PEM, to be handed out."""
        return self._pair[1].public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate (DER), hexadecimal: short enough for a letter."""
        return self._pair[1].fingerprint(hashes.SHA256()).hex()

    def sign_raw(self, content: bytes) -> bytes:
        """An ECDSA signature over the SHA-256 of ``content`` (RFC 3279, 2.2.3), DER."""
        return self._pair[0].sign(content, ec.ECDSA(hashes.SHA256()))

    def sign(self, content: bytes) -> bytes:
        """A detached CMS signature over ``content``, DER."""
        key, certificate = self._pair
        builder = (
            pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
        )
        return builder.sign(serialization.Encoding.DER, _OPTIONS)


def _signed_before(home: Home) -> bool:
    with home.store.read() as connection:
        return any(
            entry.body.get("what") == "dossier" for entry in home.reader.entries(connection, "exported")
        )


def _make(home: Home) -> bool:
    """Whether this call made the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    organisation = home.settings.operator.organisation[:64]
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, f"Trapline dossiers {home.id[:16]}")]
    if organisation:
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    name = x509.Name(attributes)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(home.clock.now().replace(microsecond=0))
        .not_valid_after(_NO_EXPIRY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        files.create(home.path / "keys" / KEY, private + certificate.public_bytes(serialization.Encoding.PEM))
    except FileExistsError:
        return False  # another process was quicker; both use its key
    return True
