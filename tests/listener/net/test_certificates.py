"""TLS contexts by server name."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canaries.core.clock import FixedClock
from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from listener.net.certificates import Certificates
from listener.net.tls import Tls


def new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def certificates(home: Home) -> Certificates:
    return Certificates(home.authority(), new_key(), home.keys.front)


def shown(context: ssl.SSLContext, name: str, ca: str) -> dict[str, object]:
    """What a client that trusts only ``ca`` sees; it checks the name."""
    ours, theirs = socket.socketpair()
    client = ssl.create_default_context(cadata=ca)
    with ours, theirs:
        server = threading.Thread(target=lambda: context.wrap_socket(ours, server_side=True).close())
        server.start()
        with client.wrap_socket(theirs, server_hostname=name) as session:
            certificate = session.getpeercert()
        server.join()
    assert certificate
    return dict(certificate)


@pytest.mark.parametrize("name", ["a.example.net", "x" * 60 + ".example.net", "127.0.0.1", "::1"])
def test_a_client_that_has_the_baits_ca_trusts_any_name(
    home: Home, certificates: Certificates, name: str
) -> None:
    certificate = shown(certificates.context(name, name), name, home.ca_pem)
    assert certificate["subjectAltName"]


def test_without_a_usable_name_the_address_that_was_reached_counts(
    home: Home, certificates: Certificates
) -> None:
    for name in ("", "-bad-", "a b", "x" * 300, "\\xff"):
        shown(certificates.context(name, "127.0.0.1"), "127.0.0.1", home.ca_pem)


def test_contexts_are_kept_but_not_without_end(certificates: Certificates) -> None:
    first = certificates.context("a.example.net", "")
    assert certificates.context("a.example.net.", "") is first
    for number in range(520):
        certificates.context(f"n{number}.example.net", "")
    assert certificates.context("a.example.net", "") is not first
    assert len(certificates._made) <= 512


def test_a_visitor_sees_the_same_certificate_after_a_restart(home: Home) -> None:
    key = new_key()
    one = Certificates(home.authority(), key, home.keys.front)
    other = Certificates(home.authority(), key, home.keys.front)
    assert one.issue("a.example.net") == other.issue("a.example.net")
    assert one.issue("a.example.net") != one.issue("b.example.net")


def test_certificates_are_renewed(home: Home) -> None:
    clock = FixedClock(datetime.now(UTC))
    certificates = Certificates(home.authority(), new_key(), home.keys.front, clock=clock)
    before = x509.load_pem_x509_certificate(certificates.issue("a.example.net"))
    clock.advance(days=380)
    after = x509.load_pem_x509_certificate(certificates.issue("a.example.net"))
    assert before.serial_number != after.serial_number
    assert after.not_valid_before_utc < clock.moment < after.not_valid_after_utc


def test_configured_certificates_come_first(
    home: Home, tmp_path: Path, server_tls: tuple[ssl.SSLContext, Path]
) -> None:
    ca = server_tls[1]
    bundle = tmp_path / "000.pem"
    bundle.write_bytes(ca.read_bytes() + ca.with_name("key.pem").read_bytes())
    certificates = Certificates(home.authority(), new_key(), home.keys.front, (bundle,))
    shown(certificates.context("localhost", ""), "localhost", ca.read_text())
    shown(certificates.context("a.example.net", ""), "a.example.net", home.ca_pem)


def test_a_configured_certificate_without_its_key_is_refused(
    home: Home, tmp_path: Path, server_tls: tuple[ssl.SSLContext, Path]
) -> None:
    bundle = tmp_path / "000.pem"
    bundle.write_bytes(server_tls[1].read_bytes())
    with pytest.raises(SettingsError, match=r"listen.certificates: 000.pem"):
        Certificates(home.authority(), new_key(), home.keys.front, (bundle,))


def test_only_where_told_does_a_context_ask_for_a_clients_certificate(
    home: Home, tmp_path: Path, server_tls: tuple[ssl.SSLContext, Path]
) -> None:
    bundle = tmp_path / "000.pem"
    bundle.write_bytes(server_tls[1].read_bytes() + server_tls[1].with_name("key.pem").read_bytes())
    certificates = Certificates(home.authority(), new_key(), home.keys.front, (bundle,))
    for name in ("localhost", "a.example.net"):
        silent, asking = certificates.context(name, ""), certificates.context(name, "", asks=True)
        assert certificates.context(name, "") is silent
        assert (silent.verify_mode, asking.verify_mode) == (ssl.CERT_NONE, ssl.CERT_OPTIONAL)
        assert len(asking.get_ca_certs()) == 1


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2])
def test_old_clients_are_let_in_and_their_version_is_known(
    certificates: Certificates, version: ssl.TLSVersion
) -> None:
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.minimum_version = client.maximum_version = version
    client.set_ciphers("ALL:@SECLEVEL=0")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = client.wrap_bio(incoming, outgoing, server_hostname="a.example.net")
    trap = Tls(certificates.context("a.example.net", "127.0.0.1"))
    done = False
    while not done:
        try:
            session.do_handshake()
            done = True
        except ssl.SSLWantReadError:
            pass
        trap.shake(outgoing.read())
        incoming.write(trap.outgoing())
    assert session.version() == trap.session.version() == version.name.replace("TLSv1_", "TLSv1.")
