"""HTTP/2 with the trap and with nginx: one corpus of odd frames to both, and real clients, which are recorded.

Hosts say that they are nginx 1.18, which answered the corpus once (`tests.beside.http2_answers`). What the release that
is installed here answers otherwise is listed too. Frames are compared to the byte, header blocks with the forms of
their fields; dates and validators stand aside.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from listener.protocol.identity import Identity
from tests import real_servers, steady
from tests.beside.http2_answers import answers, of_any_release
from tests.beside.http2_answers import recorded as recorded_frames
from tests.beside.odd_http2 import CORPUS, ENDING, PREFACES, WAITING
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


_STALE = (
    "behind an empty field that it refuses, nginx takes the length of that for the next name's, and gives up"
)
DIFFERENCES = dict.fromkeys(("an empty method", "an empty path", "an empty scheme"), _STALE)
"""What the trap says otherwise than nginx 1.18.0, and why. What no frame shows: a body is waited for
(`body_wait_seconds`) although nginx answers before it comes, as it is to be on record; and a port takes HTTP/1 and,
with prior knowledge, HTTP/2, which nginx does from 1.25.1 on."""
_STREAM_0 = "from 1.19.3 on frames of the connection are refused on a stream, and others without one"
_STRICT = "from 1.21.1 on control characters and spaces are refused in a path and in a name"
_LIMITS = (
    "from 1.19.7 on fields are held against large_client_header_buffers, 32 KB, and not against 4 and 16 KB"
)
LATER_RELEASES = {
    **dict.fromkeys(
        (
            "a ping on a stream",
            "settings on a stream",
            "it goes on a stream",
            "data on no stream",
            "NUL",
            "many NUL",
        ),
        _STREAM_0,
    ),
    **dict.fromkeys(
        ("a space in the path", "a control character in the path", "a name with a space"), _STRICT
    ),
    **dict.fromkeys(("a field of 4097 bytes", "a name of 4097 bytes", "fields of too many bytes"), _LIMITS),
    "a thousand and one requests": "Debian's package refuses more than 256 new streams at once (CVE-2023-44487)",
}
"""What later releases than 1.18 say otherwise: here the trap is held against the record alone. ``keepalive_requests``
took the place of ``http2_max_requests`` in 1.19.7: a hundred, and from 1.19.10 on again a thousand. What no frame
shows: from 1.19.1 on a connection lingers behind GOAWAY, and from 1.19.7 on ``keepalive_timeout`` ends an idle one."""


@pytest.fixture(scope="module")
def said(start_front: Any) -> dict[str, list[str]]:
    """The answers of a front whose root is the package's page, and which says the release that was recorded."""
    keys = (bytes([one, two]) * 16 for one in range(256) for two in range(256))
    hosts = ((key, Identity(key).host) for key in keys)
    key = next(key for key, host in hosts if (host.root, host.server) == (200, "nginx/1.18.0"))
    front = start_front(prepare=lambda home: (home.keys.folder / "front").write_text(key.hex()), personas=[])
    return answers(front.address)


def test_it_answers_as_nginx_does_or_says_why_not(said: dict[str, list[str]]) -> None:
    real = recorded_frames()
    assert set(real) == {*PREFACES, *CORPUS}, "record it anew: python -m tests.beside.http2_answers"
    assert {name for name in real if said[name] != real[name]} == set(DIFFERENCES)


def test_the_lists_name_what_there_is() -> None:
    assert {*DIFFERENCES, *LATER_RELEASES, *WAITING, *ENDING} <= {*PREFACES, *CORPUS}
    assert len(DIFFERENCES) <= 3
    assert len(CORPUS) + len(PREFACES) >= 250


def test_the_nginx_that_is_installed_answers_as_the_record_and_the_trap_do(
    said: dict[str, list[str]], tmp_path: Path
) -> None:
    page = Identity(bytes(32)).host.welcome()[1]
    with real_servers.nginx(tmp_path / "one", page, http2=True) as address:
        real = {name: of_any_release(frames) for name, frames in answers(address).items()}
    record = {name: of_any_release(frames) for name, frames in recorded_frames().items()}
    assert {name for name in record if real[name] != record[name]} <= set(LATER_RELEASES)
    ours = {name: of_any_release(frames) for name, frames in said.items()}
    assert {name for name in ours if real[name] != ours[name]} <= set(LATER_RELEASES) | set(DIFFERENCES)


def test_another_preface_where_it_was_agreed_on_is_told_as_by_nginx(front: Any, tmp_path: Path) -> None:
    asked, real = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b""
    with (
        real_servers.nginx(tmp_path / "one", b"hello", http2=True) as address,
        socket.create_connection(address, timeout=steady.PATIENCE) as sock,
    ):
        sock.sendall(asked)
        real = some(sock, 1000)
    with agreed(front, "h2") as tls:
        tls.sendall(asked)
        assert some(tls, 1000) == real
    assert real[-8:] == bytes(7) + b"\x01"  # PROTOCOL_ERROR


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
