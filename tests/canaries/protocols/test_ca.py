"""The installation's own CA."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from canaries.core.errors import HomeError
from canaries.crypto.seeded_random import SeededRandom
from canaries.installation.home import Home
from canaries.protocols import ca


def test_it_is_made_once_and_read_back(home: Home) -> None:
    first = home.authority()
    assert home.authority().certificate == first.certificate
    assert home.ca_pem == (home.keys.folder / "ca.pem").read_text()
    assert (home.keys.folder / "ca").stat().st_mode & 0o777 == 0o600


def test_the_certificate_is_a_ca(home: Home) -> None:
    certificate = home.authority().certificate
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert (basic.value.ca, basic.value.path_length) == (True, None)
    certificate.verify_directly_issued_by(certificate)
    assert certificate.not_valid_before_utc < home.clock.now() < certificate.not_valid_after_utc


def test_its_name_is_from_no_list_and_never_the_products() -> None:
    """Whoever looks for a closed list of names in certificates finds nobody."""
    key, now = ec.derive_private_key(4711, ec.SECP256R1()), datetime(2026, 11, 1, tzinfo=UTC)
    made = [ca._self_signed(key, SeededRandom(bytes([number]) * 32), now).subject for number in range(200)]
    houses = {one.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value for one in made}
    assert len(houses) >= 195
    assert not [one for one in made if re.search(r"(?i)trapline|canar|honey", one.rfc4514_string())]


def test_a_clients_certificate_is_signed_and_the_same_again(home: Home) -> None:
    authority = home.authority()
    key = ec.derive_private_key(4711, ec.SECP256R1()).public_key()
    begins = datetime(2026, 11, 1, tzinfo=UTC)
    pem = ca.client_certificate(authority, key, ("ops", "ann"), b"s" * 16, begins)
    assert ca.client_certificate(authority, key, ("ops", "ann"), b"s" * 16, begins) == pem
    certificate = x509.load_pem_x509_certificate(pem)
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.subject.rfc4514_string() == "CN=ann,O=ops"
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_the_key_may_be_kept_elsewhere(home: Home) -> None:
    home.authority()
    assert "PRIVATE KEY" in home.ca_key
    (home.keys.folder / "ca").unlink()
    assert home.ca_key == ""


def test_many_may_ask_at_once(home: Home) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(home.ca_pem.encode())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    made = home.authority()
    assert made.certificate.public_key() == made.key.public_key()
    assert not [path for path in home.keys.folder.iterdir() if path.name.startswith(".")]


def test_a_damaged_one_is_refused(home: Home) -> None:
    home.authority()
    (home.keys.folder / "ca").write_bytes(b"rubbish")
    with pytest.raises(HomeError, match="cannot be used"):
        home.authority()
