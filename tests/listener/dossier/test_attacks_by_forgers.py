"""What somebody without any key can hand over: keys of their own beside the publisher's, and files that never end."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from canaries.ledger.checkpoints import log_verifier
from listener.dossier import verify as checker
from listener.dossier.signing import Signer
from tests.listener.dossier.test_attacks import resigned, root_of, unpacked
from tests.programs import needs

pytestmark = needs("openssl")


def pem(story: Any) -> bytes:
    """A certificate of the forger's own."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = story.home.clock.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def renamed(certificate: bytes) -> bytes:
    """As OpenSSL reads it too, though it is called otherwise."""
    return certificate.replace(b"CERTIFICATE-----", b"TRUSTED CERTIFICATE-----")


@pytest.mark.parametrize("order", ["before", "behind", "renamed"])
def test_a_second_certificate_in_the_file_is_refused(
    story: Any, dossier: Path, tmp_path: Path, order: str
) -> None:
    """The first one's fingerprint would be shown and agree with the letter, and the second one would have signed."""
    own, other = Signer(story.home).certificate, pem(story)
    both = {"before": other + own, "behind": own + other, "renamed": renamed(other) + own}[order]
    files = {**unpacked(dossier), checker.CERTIFICATE: both}
    forged = resigned(story.home, files, tmp_path / "forged.zip", root_of(dossier))
    with pytest.raises(checker.Rejected, match="holds more than one certificate"):
        checker.verify(forged, say=str)
    with pytest.raises(checker.Rejected, match="holds more than one certificate"):
        checker.verify(dossier, str(log_verifier(story.home)), both, say=str)


def test_the_whole_log_key_is_printed(story: Any, dossier: Path) -> None:
    """Its id has 32 bits: whoever tries four thousand million keys has one of the same id."""
    said: list[str] = []
    checker.verify(dossier, say=said.append)
    assert sum(repr(str(log_verifier(story.home))) in line for line in said) == 1


@pytest.mark.parametrize("option", ["--vkey", "--cert", "--tsa", "--checkpoint"])
@pytest.mark.parametrize("what", ["endless", "pipe", "folder", "long", "absent"])
def test_what_is_no_key_is_said_to_be_none_at_once(
    dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, what: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"x" * (checker.MOST_NAMED + 1))
    names = {"endless": "/dev/zero", "folder": str(tmp_path), "absent": "x" * 5_000}
    status = checker.main([str(dossier), option, names.get(what, str(tmp_path / what))])
    heard = capsys.readouterr()
    assert status in (1, 2)
    assert any(
        word in heard.out + heard.err for word in ("is no file", "too long", "neither a file", "cannot read")
    )
