"""HTTP/2 agreed on in TLS (ALPN): real clients speak it, what they send is recorded, and nginx begins the same way."""

from __future__ import annotations

import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

from tests import real_servers, steady
from tests.programs import require

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000 04 00 00000000")


def agreed(front: Any, *protocols: str) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(list(protocols))
    return context.wrap_socket(front.connect(), server_hostname="first.example.net")


def recorded(front: Any, part: bytes) -> Any:
    return steady.until(lambda: next((one for one in front.sightings() if part in one.raw), None))


def some(sock: socket.socket, size: int) -> bytes:
    """As many bytes, however they come."""
    sock.settimeout(steady.PATIENCE)
    got = b""
    while len(got) < size and (part := sock.recv(size - len(got))):
        got += part
    return got


def test_the_server_speaks_first_and_says_what_nginx_says(front: Any, tmp_path: Path) -> None:
    with (
        real_servers.nginx(tmp_path / "one", b"hello", http2=True) as address,
        socket.create_connection(address, timeout=steady.PATIENCE) as sock,
    ):
        sock.sendall(PREFACE)  # in clear it waits for that, over TLS it does not
        greeting, acknowledged = some(sock, 40), some(sock, 9)
    assert len(greeting) == 40
    with agreed(front, "h2", "http/1.1") as tls:
        assert tls.selected_alpn_protocol() == "h2"
        assert some(tls, 40) == greeting
        tls.sendall(PREFACE)
        assert some(tls, 9) == acknowledged


def test_curl_speaks_it_and_is_recorded(front: Any) -> None:
    require("curl")
    url = f"https://127.0.0.1:{front.address[1]}/k3v9/login?a=b"
    asked = [
        "curl",
        "-sk",
        "--http2",
        "-o",
        "/dev/null",
        "-w",
        "%{http_version} %{http_code}",
        "-d",
        "key=k3v9z",
        url,
    ]
    done = subprocess.run(asked, capture_output=True, timeout=steady.PATIENCE, check=True)
    version, _, status = done.stdout.decode().partition(" ")
    assert (version, status.isdigit()) == ("2", True)
    sighting = recorded(front, b"key=k3v9z")
    assert sighting.raw.startswith(b"POST /k3v9/login?a=b HTTP/2\r\n")
    assert sighting.tls["alpn"] == "h2"
    assert "http2_stream" in sighting.notes


def test_who_agrees_and_then_speaks_another_version_is_recorded(front: Any) -> None:
    with agreed(front, "h2") as tls:
        some(tls, 40)
        tls.sendall(b"GET /k3v9-not-two HTTP/1.1\r\nHost: a.example\r\n\r\n")
        some(tls, 1000)
    assert recorded(front, b"/k3v9-not-two").notes["error"].startswith("HTTP/2")


def test_who_agrees_and_says_nothing_is_a_sighting(front: Any) -> None:
    before = len(front.sightings())
    agreed(front, "h2").close()
    steady.until(lambda: len(front.sightings()) > before)
    assert front.sightings()[-1].tls["sni"] == "first.example.net"


def test_it_can_be_switched_off(start_front: Any) -> None:
    with agreed(start_front(http2=False), "h2", "http/1.1") as tls:
        assert tls.selected_alpn_protocol() == "http/1.1"
