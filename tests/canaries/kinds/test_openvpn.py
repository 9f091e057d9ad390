"""The OpenVPN profile: certificates that verify, a key that the server's key opens, read by openvpn itself."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from canaries.core.model import Bait
from canaries.protocols.openvpn import CLIENT_KEY_BYTES, server_key
from tests import steady
from tests.programs import needs

Mint = Callable[..., Bait]


def inline(bait: Bait, section: str) -> str:
    found = re.search(rf"<{section}>\n(.*?)\n</{section}>", bait.text, re.DOTALL)
    assert found, section
    return found[1]


def test_the_wrapped_key_says_whose_it_is(mint: Mint) -> None:
    bait = mint("openvpn")
    body = "".join(inline(bait, "tls-crypt-v2").splitlines()[1:-1])
    wrapped = base64.b64decode(body)[CLIENT_KEY_BYTES:]
    opened = server_key(b"k" * 32).unwrap(wrapped)
    assert opened is not None
    assert opened[1].decode() == bait.tokens[0].value
    assert bait.tokens[0].facet == "metadata"


def test_the_certificates_belong_together_and_are_of_their_time(mint: Mint) -> None:
    bait = mint("openvpn")
    ca, client = (x509.load_pem_x509_certificate(inline(bait, name).encode()) for name in ("ca", "cert"))
    client.verify_directly_issued_by(ca)
    ca.verify_directly_issued_by(ca)
    key = load_pem_private_key(inline(bait, "key").encode(), None).public_key()
    assert isinstance(key, Ed25519PublicKey)
    assert key == client.public_key()
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for certificate in (ca, client):
        assert certificate.not_valid_before_utc < now < certificate.not_valid_after_utc


def test_the_remote_is_where_the_trap_listens(mint: Mint) -> None:
    bait = mint("openvpn", ports={"openvpn": 443})
    assert f"remote {bait.row['host']} 443\n" in bait.text
    assert "remote 192.0.2.7 1194\n" in mint("openvpn", base_url="http://192.0.2.7:8080").text


@needs("openvpn")
def test_openvpn_takes_every_line_of_it(mint: Mint, tmp_path: Path) -> None:
    path = tmp_path / "client.ovpn"
    path.write_text(mint("openvpn", base_url="http://192.0.2.7:8080").text)
    path.chmod(0o600)
    done = subprocess.run(
        ["openvpn", "--config", str(path), "--dev", "null", "--show-gateway"],
        capture_output=True, text=True, timeout=steady.PATIENCE, check=False,
    )  # fmt: skip
    assert "Options error" not in done.stdout + done.stderr
    assert "Unrecognized option" not in done.stdout + done.stderr
