"""Signs the reading copy (PAdES, ETSI EN 319 142-1) with the key that signs dossiers, and has it stamped.

The signature allows no later change (DocMDP 1). It tells that the file is what this installation made of the dossier;
the evidence stays in the zip. A PDF reader does not know the certificate: whoever relies on it gets it by another way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from canaries.core import extras
from canaries.ledger.time_stamps import StampError
from listener.dossier.signing import Signer
from listener.notify.stamp_authorities import StampAuthority, authorities

if TYPE_CHECKING:
    from canaries.installation.home import Home

FIELD = "Trapline"
_RESERVED = 24_000
"""Bytes for the signature in the file: an authority's answer with its whole chain has some 10,000."""


def sign(home: Home, document: bytes, warn: Callable[[str], object]) -> bytes:
    """``document`` with a signature, stamped by the first authority of the settings that answers.

    ``warn`` is told which did not answer. Raises MissingExtraError without pyHanko, HomeError without the key.
    """
    extras.require("pyhanko", "pdf", "a signed PDF")
    signer = Signer(home)
    for authority in authorities(home).values():
        try:
            return _signed(home, document, signer, authority)
        except StampError as error:
            warn(f"no time stamp by {authority.name} in the PDF: {error}")
    return _signed(home, document, signer, None)


def _signed(home: Home, document: bytes, signer: Signer, authority: StampAuthority | None) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    own = _cms_signer(signer)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason="reading copy of a dossier",
    )
    stamper = _stamper(home, own, authority) if authority else None
    written = BytesIO()
    signers.PdfSigner(meta, own, timestamper=stamper).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(document)), output=written, bytes_reserved=_RESERVED
    )
    return written.getvalue()


def _cms_signer(own: Signer) -> Any:
    """A signer of pyHanko that asks ours, and remembers what it gave last: that is what gets the time stamp."""
    from asn1crypto import pem, x509
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class KeySigner(signers.Signer):
        last = b""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if digest_algorithm != "sha256":
                raise ValueError("ours signs with SHA-256 alone")
            self.last = own.sign_raw(data)
            return self.last

    return KeySigner(
        signing_cert=x509.Certificate.load(pem.unarmor(own.certificate)[2]),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def _stamper(home: Home, signer: Any, authority: StampAuthority) -> Any:
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class AuthorityStamper(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            if md_algorithm != "sha256" or hashlib.sha256(signer.last).digest() != message_digest:
                raise StampError("something else was to be stamped")
            reply, _ = authority.ask(signer.last, home.clock.now())
            return tsp.TimeStampResp.load(reply)["time_stamp_token"]

    return AuthorityStamper()  # type: ignore[no-untyped-call]
