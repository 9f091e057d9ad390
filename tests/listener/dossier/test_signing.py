"""The signing certificate: made once, private, and of a kind that stays valid as long as a case may take."""

from __future__ import annotations

import stat

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from canaries.core.errors import HomeError
from canaries.installation.home import Home
from listener.dossier.signing import Signer


def test_the_certificate_is_made_once_and_names_the_organisation(home: Home) -> None:
    first, second = Signer.make(home).certificate, Signer.make(home).certificate
    certificate = x509.load_pem_x509_certificate(first)
    assert first == second
    assert "Test Trust" in certificate.subject.rfc4514_string()
    assert certificate.subject == certificate.issuer
    assert certificate.not_valid_after_utc.year == 9999
    assert b"PRIVATE" not in first


def test_the_key_file_is_private(home: Home) -> None:
    Signer.make(home)
    assert stat.S_IMODE((home.path / "keys" / "dossier").stat().st_mode) == 0o600


def test_the_fingerprint_is_that_of_the_certificate(home: Home) -> None:
    signer = Signer.make(home)
    assert (
        signer.fingerprint == x509.load_pem_x509_certificate(signer.certificate).fingerprint(SHA256()).hex()
    )


def test_a_damaged_key_file_is_one_sentence(home: Home) -> None:
    (home.path / "keys" / "dossier").write_bytes(b"rubbish")
    with pytest.raises(HomeError, match="cannot be used"):
        _ = Signer.make(home).certificate
