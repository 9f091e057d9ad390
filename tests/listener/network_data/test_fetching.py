"""Fetching, from a real TLS server on loopback: a good file replaces the old, anything else changes nothing."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from listener.network_data import fetching, library
from listener.network_data.datasets import DataSet, registered
from listener.network_data.readers import DataError

AT, LATER = "2026-11-22T00:00:00.000000Z", "2026-11-23T00:00:00.000000Z"
OLD, NEW = "1.0.0.0,1.0.0.255,DE\n", "1.0.0.0,1.0.0.255,FR\n"


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.agents.append(self.headers["User-Agent"])  # type: ignore[attr-defined]
        status, body, target = {
            "/good": (200, NEW, ""), "/html": (200, "<html>", ""), "/gone": (404, "", ""),
            "/moved": (302, "", "/good"), "/down": (302, "", "http://127.0.0.1/x"), "/round": (302, "", "/round"),
        }[self.path]  # fmt: skip
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, list[str]]]:
    """(base URL, CA bundle, agents seen)."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(start).not_valid_after(start.replace(year=2049))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    made.agents = []  # type: ignore[attr-defined]
    made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{made.server_port}", str(folder / "ca.pem"), made.agents  # type: ignore[attr-defined]
    made.shutdown()
    thread.join()
    made.server_close()


def known(home: Path, url: str) -> DataSet:
    path = home / "c.csv"
    path.write_text(OLD)
    return library.add(home, path, at=AT, origin=url)


@pytest.mark.parametrize("path", ["/good", "/moved"])
def test_a_good_file_takes_its_place(tmp_path: Path, server: tuple[str, str, list[str]], path: str) -> None:
    base, bundle, agents = server
    new = fetching.refresh(tmp_path, known(tmp_path, base + path), at=LATER, verify=bundle)
    assert new.path.read_text() == NEW
    assert (new.name, new.origin, new.added_at) == ("c.csv", base + path, LATER)
    assert registered(tmp_path) == [new]
    assert set(agents) == {"Mozilla/5.0"}, "who keeps bait is not told"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/html", "fields"), ("/gone", "answered 404"), ("/down", "https:// only"), ("/round", "on and on"),
    ],
)  # fmt: skip
def test_anything_else_changes_nothing(
    tmp_path: Path, server: tuple[str, str, list[str]], path: str, said: str
) -> None:
    base, bundle, _ = server
    old = known(tmp_path, base + path)
    with pytest.raises(DataError, match=said):
        fetching.refresh(tmp_path, old, at=LATER, verify=bundle)
    assert registered(tmp_path) == [old]
    assert old.path.read_text() == OLD


def test_a_server_that_cannot_show_who_it_is(tmp_path: Path, server: tuple[str, str, list[str]]) -> None:
    with pytest.raises(DataError, match="SSLError"):
        fetching.refresh(tmp_path, known(tmp_path, server[0] + "/good"), at=LATER)


@pytest.mark.parametrize(
    "url", ["http://x/", "file:///etc/passwd", "https://", "https://u:p@x/", "https://[x/"]
)
def test_urls_that_are_not_fetched(url: str) -> None:
    with pytest.raises(DataError, match=r"https|password"):
        fetching.check_url(url)
