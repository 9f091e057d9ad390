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
    return Certificates(home.authority(), new_key(), home.keys.front, names=("example.net",))


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


@pytest.mark.parametrize(
    "name", ["a.example.net", "x" * 60 + ".example.net", "example.net", "logs.a.example.net", "192.0.2.7"]
)
def test_a_client_that_has_the_baits_ca_trusts_every_name_of_bait(home: Home, name: str) -> None:
    certificates = Certificates(
        home.authority(), new_key(), home.keys.front, names=("example.net", "192.0.2.7")
    )
    certificate = shown(certificates.context(name, "10.0.0.5"), name, home.ca_pem)
    said = str(certificate["subjectAltName"])
    assert "10.0.0.5" not in said, "an inner address is nobody's business"


@pytest.mark.parametrize("local", ["127.0.0.1", "::1"])
def test_without_a_domain_the_address_that_was_reached_counts(home: Home, local: str) -> None:
    certificates = Certificates(home.authority(), new_key(), home.keys.front, names=("192.0.2.7",))
    shown(certificates.context(local, local), local, home.ca_pem)
    shown(certificates.context("", local), "192.0.2.7", home.ca_pem)


def test_no_certificate_is_made_for_a_name_that_a_visitor_asks_for(certificates: Certificates) -> None:
    usual = certificates.context("", "127.0.0.1")
    for name in ("www.bank.example", "a.example.net", "-bad-", "a b", "x" * 300, "\\xff", "badexample.net"):
        assert certificates.context(name, "127.0.0.1") is usual, name
    assert certificates.context("logs.a.example.net", "127.0.0.1") is not usual


def form(certificate: x509.Certificate) -> list[object]:
    """What ``openssl x509 -text`` shows of a certificate, without names, keys and times."""
    extensions: list[object] = [(type(one.value).__name__, one.critical) for one in certificate.extensions]
    for one in certificate.extensions:
        if isinstance(one.value, x509.KeyUsage | x509.ExtendedKeyUsage | x509.BasicConstraints):
            extensions.append(str(one.value))
        if isinstance(one.value, x509.AuthorityKeyIdentifier):
            extensions.append((one.value.authority_cert_issuer, one.value.authority_cert_serial_number))
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return [
        certificate.version,
        certificate.signature_algorithm_oid.dotted_string,
        lasts.total_seconds(),
        certificate.not_valid_before_utc.second,
        *extensions,
    ]


REAL = Path(__file__).with_name("cfssl")
"""A CA and a server's certificate of a real cfssl, and the commands that made them (README)."""


def test_the_form_is_that_of_a_tool_that_many_use(home: Home, certificates: Certificates) -> None:
    real = [x509.load_pem_x509_certificate((REAL / name).read_bytes()) for name in ("ca.pem", "server.pem")]
    leaf = certificates.issue("h.example.net", "192.0.2.7")
    assert leaf.count(b"BEGIN CERTIFICATE") == 1, "such a server sends its own alone"
    for one, other in zip(
        (home.authority().certificate, x509.load_pem_x509_certificate(leaf)), real, strict=True
    ):
        assert form(one) == form(other)
    for certificate in (home.authority().certificate, x509.load_pem_x509_certificate(leaf)):
        assert 120 < certificate.serial_number.bit_length() < 160


def test_contexts_are_kept_but_not_without_end(certificates: Certificates) -> None:
    first = certificates.context("a.example.net", "")
    assert certificates.context("a.example.net.", "") is first
    for number in range(520):
        certificates.context(f"b.n{number}.example.net", "")
    assert certificates.context("a.example.net", "") is not first
    assert len(certificates._made) <= 512


def test_a_visitor_sees_the_same_certificate_after_a_restart(home: Home) -> None:
    key = new_key()
    one = Certificates(home.authority(), key, home.keys.front, names=("example.net",))
    other = Certificates(home.authority(), key, home.keys.front, names=("example.net",))
    assert one.issue("a.example.net") == other.issue("a.example.net")
    assert one.issue("a.example.net") != one.issue("b.example.net")


def test_certificates_are_renewed(home: Home) -> None:
    clock = FixedClock(datetime.now(UTC))
    certificates = Certificates(
        home.authority(), new_key(), home.keys.front, names=("example.net",), clock=clock
    )
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
    certificates = Certificates(
        home.authority(), new_key(), home.keys.front, (bundle,), names=("example.net",)
    )
    shown(certificates.context("localhost", ""), "localhost", ca.read_text())
    shown(certificates.context("a.example.net", ""), "a.example.net", home.ca_pem)


def test_a_configured_certificate_without_its_key_is_refused(
    home: Home, tmp_path: Path, server_tls: tuple[ssl.SSLContext, Path]
) -> None:
    bundle = tmp_path / "000.pem"
    bundle.write_bytes(server_tls[1].read_bytes())
    with pytest.raises(SettingsError, match=r"listen.certificates: 000.pem"):
        Certificates(home.authority(), new_key(), home.keys.front, (bundle,), names=("example.net",))


def test_only_where_told_does_a_context_ask_for_a_clients_certificate(
    home: Home, tmp_path: Path, server_tls: tuple[ssl.SSLContext, Path]
) -> None:
    bundle = tmp_path / "000.pem"
    bundle.write_bytes(server_tls[1].read_bytes() + server_tls[1].with_name("key.pem").read_bytes())
    certificates = Certificates(
        home.authority(), new_key(), home.keys.front, (bundle,), names=("example.net",)
    )
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
