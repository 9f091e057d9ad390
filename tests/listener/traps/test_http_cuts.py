"""What an HTTP client says, cut at every byte into two packets with a pause between: one record and one answer.

Its request, what a proxy says before it, and the first packet of TLS.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests import steady

PROXY = b"PROXY TCP4 198.51.100.7 192.0.2.1 56324 443\r\n"
PROXY_2 = (
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"
    + socket.inet_aton("198.51.100.7")
    + socket.inet_aton("192.0.2.1")
    + struct.pack(">HH", 56324, 443)
)
GET = b"GET /TOKEN HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
REQUESTS = {
    "GET": GET,
    "line ends of LF": b"GET /TOKEN HTTP/1.1\nHost: a\nConnection: close\n\n",
    "empty lines before": b"\r\n\r\n" + GET,
    "HTTP/1.0": b"GET /TOKEN HTTP/1.0\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: a\r\nX-Key: TO\r\n KEN\r\nConnection: close\r\n\r\n",
    "body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nConnection: close\r\n\r\nkey=TOKEN",
    "chunked": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"4;x=y\r\nkey=\r\n5\r\nTOKEN\r\n0\r\nX-T: z\r\n\r\n"
    ),
    "two": b"GET /one HTTP/1.1\r\nHost: a\r\n\r\n" + GET,
    "expected": (
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\nTOKEN"
    ),
    "unsound": b"GET /TOKEN HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    "CONNECT": b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic VE9LRU46VE9LRU4=\r\n\r\n",
}
VARYING = re.compile(rb"(?i)(?<=\n)(?:date|x-request-id|set-cookie|etag|expires|last-modified):[^\n]*\n")
AT_ONCE = 32
PAUSE = 0.1
"""Seconds: for a front that is slower, both packets are one, and nothing is shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one client was told, and what is on record of it."""

    answer: bytes
    records: tuple[Any, ...]


def earlier(front: Any) -> set[str]:
    """Sightings of other tests, whose clients may have had the same ports."""
    return {one.id for one in front.sightings()}


def seen(front: Any, ports: Iterable[tuple[int, bytes]], past: set[str]) -> list[Seen]:
    """By the client's port, and what it was answered."""
    ports = list(ports)  # all have come and gone before the records are read
    sightings: dict[int, list[Any]] = {}
    for one in front.sightings():
        if one.id in past:
            continue
        sightings.setdefault(one.peer[1], []).append(
            (one.raw, one.size, one.source[0], one.via, one.answer, one.notes, _shown(one.tls))
        )
    return [Seen(VARYING.sub(b"", answer), tuple(sightings.get(port, ()))) for port, answer in ports]


def _shown(tls: Any) -> Any:
    """But what is drawn for each connection."""
    return tls and {name: tls[name] for name in tls if name in ("sni", "ja3", "ja4", "alpn", "version")}


def rest_of(sock: socket.socket) -> bytes:
    answer = b""
    with contextlib.suppress(ConnectionError):
        while data := sock.recv(65_536):
            answer += data
    return answer


def said(front: Any, pairs: list[tuple[bytes, bytes]], last: bytes = b"") -> list[Seen]:
    """What comes of each pair of packets. ``last``: what the last record of each has to be before that is told."""
    past = earlier(front)
    found: list[tuple[int, bytes]] = []
    for start in range(0, len(pairs), AT_ONCE):
        with contextlib.ExitStack() as stack:
            held = [(stack.enter_context(front.connect()), pair) for pair in pairs[start : start + AT_ONCE]]
            for sock, (first, _) in held:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.sendall(first)
            time.sleep(PAUSE)
            for sock, (_, second) in held:
                with contextlib.suppress(ConnectionError):
                    sock.sendall(second)
                    sock.shutdown(socket.SHUT_WR)
            found += [(sock.getsockname()[1], rest_of(sock)) for sock, _ in held]

    def on_record() -> bool:
        records = [one.records for one in seen(front, found, past)]
        return all(one and last in (b"", one[-1][0]) for one in records)

    steady.until(on_record)
    return seen(front, found, past)


def check(front: Any, whole: bytes) -> None:
    cuts = [(whole[:at], whole[at:]) for at in range(1, len(whole))]
    expected, *others = said(front, [(whole, b""), *cuts])
    assert expected.records
    assert [at for at, other in enumerate(others, 1) if other != expected] == []


@pytest.fixture(scope="module")
def patient(start_front: Any) -> Any:
    return start_front(
        connections_per_source=500, head_seconds=300.0, idle_seconds=300.0, request_seconds=300.0
    )


@pytest.fixture(scope="module")
def behind_proxy(start_front: Any) -> Any:
    return start_front(
        proxy_protocol_from=["127.0.0.0/8"],
        connections_per_source=500,
        head_seconds=300.0,
        greeting_seconds=300.0,
    )


@pytest.mark.parametrize("form", REQUESTS)
def test_a_request_that_comes_in_two_packets(patient: Any, form: str) -> None:
    check(patient, REQUESTS[form])


@pytest.mark.parametrize("header", [PROXY, PROXY_2], ids=["1", "2"])
def test_what_a_proxy_says_first(behind_proxy: Any, header: bytes) -> None:
    check(behind_proxy, header + GET)


def test_what_is_no_request_is_refused_at_once_and_its_rest_is_kept(patient: Any) -> None:
    whole = b"\x01\x02 nothing that is known TOKEN\r\n\r\n"
    cuts = [(whole[:at], whole[at:]) for at in range(1, len(whole))]
    expected, *others = said(patient, [(whole, b""), *cuts], last=whole)
    assert {other.answer for other in others} == {expected.answer}


def shaken(front: Any, cut: int, before: bytes = b"") -> tuple[int, bytes]:
    """A request over TLS whose first packet is cut; the port it came from, and the answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="a.example")

    def until_done(sock: socket.socket, deed: Callable[[], Any]) -> Any:
        while True:
            try:
                return deed()
            except ssl.SSLWantReadError:
                if outgoing.pending:
                    sock.sendall(outgoing.read())
                data = sock.recv(65_536)
                incoming.write(data) if data else incoming.write_eof()

    with front.connect() as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
        hello = before + outgoing.read()
        sock.sendall(hello[:cut])
        if cut < len(hello):
            time.sleep(PAUSE / 5)
            sock.sendall(hello[cut:])
        until_done(sock, client.do_handshake)
        client.write(GET)
        sock.sendall(outgoing.read())
        answer = b""
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            while data := until_done(sock, lambda: client.read(65_536)):
                answer += data
        return sock.getsockname()[1], answer


@pytest.mark.parametrize("before", [b"", PROXY, PROXY_2], ids=["alone", "proxy 1", "proxy 2"])
def test_the_first_packet_of_tls(patient: Any, behind_proxy: Any, before: bytes) -> None:
    front = behind_proxy if before else patient
    length = 1 << 16
    cuts = [length, *range(1, 80), *range(80, 600, 13)]
    past = earlier(front)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        expected, *others = seen(front, pool.map(lambda cut: shaken(front, cut, before), cuts), past)
    assert [record[0] for record in expected.records] == [GET]
    assert [cut for cut, other in zip(cuts[1:], others, strict=True) if other != expected] == []
