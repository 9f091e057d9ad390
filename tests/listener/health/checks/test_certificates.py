"""The check of certificates: what has ended, is about to, or cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from canaries.installation.home import Home
from listener.health.checks.certificates import CertificatesCheck
from tests.listener.health.looking import failures, notes


def certificate(path: Path, begins: int, ends: int) -> None:
    """One that is valid from ``begins`` to ``ends`` days from now."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "traps.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends, hours=1))
        .sign(key, SHA256())
    )
    path.write_bytes(made.public_bytes(Encoding.PEM))


@pytest.mark.parametrize(
    ("begins", "ends", "level", "words"),
    [
        (-90, -1, "failing", "ended on"),
        (-80, 5, "failing", "in 5 days"),
        (-70, 15, "note", "in 15 days"),
        (1, 90, "failing", "begins only on"),
        (-30, 60, "well", ""),
    ],
)
def test_f11_its_end_is_said_in_time(
    home: Home, look: Any, begins: int, ends: int, level: str, words: str
) -> None:
    certificate(home.path / "chain.pem", begins, ends)
    (home.path / "trapline.toml").write_text(
        f'[listen]\ncertificates = ["{home.path}/chain.pem:{home.path}/k"]\n'
    )
    parts = look(CertificatesCheck)
    assert [str(one.level) for one in parts] == [level]
    assert words in failures(parts) + notes(parts)


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"key", "does not begin with")])
def test_what_is_no_certificate(home: Home, look: Any, content: bytes | None, words: str) -> None:
    if content is not None:
        (home.path / "chain.pem").write_bytes(content)
    (home.path / "trapline.toml").write_text(f'[listen]\ncertificates = ["{home.path}/chain.pem"]\n')
    assert words in failures(look(CertificatesCheck))


def test_without_any_and_with_the_installations_own(home: Home, look: Any) -> None:
    assert not failures(look(CertificatesCheck))
    _ = home.ca_pem
    assert not failures(look(CertificatesCheck))
