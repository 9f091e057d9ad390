"""TLS over bytes that somebody else carries, against a client of the same sort."""

from __future__ import annotations

import contextlib
import ssl

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canaries.installation.home import Home
from listener.net.certificates import Certificates
from listener.net.tls import Tls

NAME = "db.harbour-view.net"


class Client:
    """A TLS client without a socket."""

    def __init__(self, ca: str | None) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.session = ssl.create_default_context(cadata=ca).wrap_bio(
            self._in, self._out, server_hostname=NAME
        )

    def shake(self, data: bytes) -> bytes:
        """Take the server's part; what to send next."""
        self._in.write(data)
        with contextlib.suppress(ssl.SSLWantReadError):
            self.session.do_handshake()
        return self._out.read()

    def sealed(self, data: bytes) -> bytes:
        self.session.write(data)
        return self._out.read()

    def opened(self, data: bytes) -> bytes:
        self._in.write(data)
        return self.session.read(65_536)

    def closing(self) -> bytes:
        with pytest.raises(ssl.SSLWantReadError):
            self.session.unwrap()
        return self._out.read()


@pytest.fixture
def server(home: Home) -> Tls:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificates = Certificates(home.authority(), leaf, home.keys.front, names=("harbour-view.net",))
    return Tls(certificates.context(NAME, "127.0.0.1"))


def shake(server: Tls, client: Client, piece: int = 65_536) -> None:
    """Both sides through the handshake, the client's bytes in pieces."""
    data, done = client.shake(b""), False
    while not done:
        for begin in range(0, len(data), piece):
            done = server.shake(data[begin : begin + piece])
        data = client.shake(server.outgoing())


@pytest.mark.parametrize("piece", [1, 7, 65_536])
def test_both_understand_each_other_however_the_bytes_are_cut(home: Home, server: Tls, piece: int) -> None:
    client = Client(home.ca_pem)
    shake(server, client, piece)
    records = client.sealed(b"ask" * 10_000)
    heard = b"".join(server.opened(records[begin : begin + 999])[0] for begin in range(0, len(records), 999))
    assert heard == b"ask" * 10_000
    assert client.opened(server.sealed(b"answer")) == b"answer"


def test_the_end_of_tls_is_told_with_the_last_words(home: Home, server: Tls) -> None:
    client = Client(home.ca_pem)
    shake(server, client)
    assert server.opened(client.sealed(b"bye") + client.closing()) == (b"bye", True)
    assert server.closing()


def test_a_client_that_refuses_the_certificate_says_so(server: Tls) -> None:
    client = Client(None)
    server.shake(client.shake(b""))
    with pytest.raises(ssl.SSLCertVerificationError):
        client.shake(server.outgoing())
    with pytest.raises(ssl.SSLError):
        server.shake(client._out.read())


def test_what_is_no_tls_is_refused(server: Tls) -> None:
    with pytest.raises(ssl.SSLError):
        server.shake(b"GET / HTTP/1.1\r\n\r\n")
