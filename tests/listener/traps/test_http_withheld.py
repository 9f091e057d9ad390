"""Bodies that are announced and withheld, ``Expect``, heads that stop: the trap beside nginx, piece by piece.

Hosts say that they are nginx 1.18, which answered once (`tests.beside.withheld_answers`): its own pages before the body
comes, what is passed on to a server behind it only then. The nginx that is installed here may be a later release.
"""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Shape
from canaries.crypto.seeded_random import SeededRandom
from canaries.installation import kinds_file
from canaries.installation.home import Home
from canaries.kinds import Order
from canaries.protocols.signer import signer
from canaries.protocols.site_paths import site_path
from listener.protocol.identity import Identity
from listener.runtime.front_files import front_files
from tests import real_servers, steady
from tests.beside.withheld import CORPUS, PLACES
from tests.beside.withheld_answers import PATHS, answers, normal, recorded

_LAZY = "nginx 1.18 looks at chunks that it passes on once as many bytes have come as these need at least"
DIFFERENCES = dict.fromkeys(
    (
        "BEHIND, Expect chunks, bad",
        "BEHIND, Expect chunks, GET, bad",
        *(f"BEHIND, a bad chunk, {bad!r}" for bad in (b" 3", b"g", b"3g", b"\r\n", b";", b"-", b"f" * 16)),
        *(f"BEHIND, a bad chunk, {bad!r}" for bad in (b"3\r\nabcd", b"3\r\nabc\rx")),
    ),
    _LAZY,
)
"""What the trap says otherwise than nginx 1.18.0, and why."""
_REFUSED = "[400 close 400 Bad Request       400 Bad Request]<closed>"
LATER_RELEASES = {
    **dict.fromkeys(DIFFERENCES, "later releases look at once, as the trap does"),
    **dict.fromkeys(
        (f"{place}, Expect chunks and a length" for place in PLACES),
        "from 1.21.1 on a length beside chunks is refused",
    ),
    "head, a control character": "from 1.21.1 on control characters are refused in a target",
}
"""What later releases than 1.18 say otherwise: here the trap is held against the record alone."""


class Behind(socketserver.StreamRequestHandler):
    """A small server that says yes."""

    def handle(self) -> None:
        length = 0
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        self.rfile.read(length)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok")


@pytest.fixture(scope="module")
def behind() -> Iterator[int]:
    """The port of such a server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Behind) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def place(key: bytes) -> str:
    """The path of a bait's service on the host of ``key``."""
    path = site_path(key)
    order = Order(
        SeededRandom(bytes(32)), "http://192.0.2.7", "", "en_US", "2026-11-22T12:00:00.000000Z",
        shape=Shape(20, path.words, path.form), service="vault", signer=signer(key),
    )  # fmt: skip
    return order.site().place


@pytest.fixture(scope="module")
def host(start_front: Any) -> Callable[..., tuple[Any, str]]:
    """Starts a front whose root is the package's page, and behind which stands one imitated service; and its path."""
    keys = (bytes([one, two]) * 16 for one in range(256) for two in range(256))
    hosts = ((key, Identity(key).host) for key in keys)
    key = next(key for key, host in hosts if (host.root, host.server) == (200, "nginx/1.18.0"))

    def prepare(home: Home) -> None:
        (home.keys.folder / "front").write_text(key.hex())
        kinds_file.add(front_files(home), {"vault-token"})

    def start(**settings: float) -> tuple[Any, str]:
        return start_front(prepare=prepare, personas=[], **settings), place(key) + PATHS["BEHIND"]

    return start


@pytest.fixture(scope="module")
def said(host: Callable[..., tuple[Any, str]]) -> dict[str, list[str]]:
    front, path = host()
    return answers(front.address, PATHS | {"BEHIND": path}, wanted())


def wanted() -> dict[str, list[str]]:
    """What the trap is to say: as was recorded, but for the differences."""
    real = recorded()
    return real | {name: [real[name][0], _REFUSED] for name in DIFFERENCES}


def test_it_answers_each_piece_as_nginx_does_or_says_why_not(said: dict[str, list[str]]) -> None:
    real = recorded()
    assert set(real) == set(CORPUS), "record it anew: python -m tests.beside.withheld_answers"
    assert said == wanted()
    assert not [name for name in DIFFERENCES if said[name] == real[name]], "strike it off"


def test_the_lists_name_what_there_is() -> None:
    assert {*DIFFERENCES, *LATER_RELEASES} <= set(CORPUS)
    assert len(DIFFERENCES) <= 11
    assert len(CORPUS) >= 280


def test_the_nginx_that_is_installed_answers_as_the_trap_does(
    said: dict[str, list[str]], tmp_path: Path, behind: int
) -> None:
    page = Identity(bytes(32)).host.welcome()[1]
    known = {name: [] if name in LATER_RELEASES else said[name] for name in CORPUS}
    with real_servers.nginx(tmp_path / "one", page, proxies=behind) as address:
        real = answers(address, PATHS, known)
    assert {name for name in CORPUS if real[name] != said[name]} <= set(LATER_RELEASES)


_POST = b"POST {BEHIND} HTTP/1.1\r\nHost: x\r\n"
WITHHELD = {
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "a body": _POST + b"Content-Length: 3\r\n\r\na",
    "a body, and leave for it": _POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    "chunks": _POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\na",
    "a body of a page of none": b"POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na",
    "another request": b"GET /nope HTTP/1.1\r\nHost: x\r\n\r\n",
}


def test_whoever_says_no_more_is_told_what_nginx_tells(
    host: Callable[..., tuple[Any, str]], tmp_path: Path, behind: int
) -> None:
    front, path = host(head_seconds=1.0, body_seconds=1.0, idle_seconds=1.0)
    with real_servers.nginx(tmp_path / "one", b"", proxies=behind, seconds=1) as address:
        real = [one.replace(b"{BEHIND}", PATHS["BEHIND"].encode()) for one in WITHHELD.values()]
        trap = [one.replace(b"{BEHIND}", path.encode()) for one in WITHHELD.values()]
        with ThreadPoolExecutor(2 * len(WITHHELD)) as pool:  # each waits for its end
            ends = [
                pool.map(partial(until_it_ends, at), said)
                for at, said in ((address, real), (front.address, trap))
            ]
            wanted, found = (dict(zip(WITHHELD, one, strict=True)) for one in ends)
        assert found == wanted
    assert {one.raw for one in front.sightings()} == set(trap)


def until_it_ends(address: tuple[str, int], request: bytes) -> str:
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        sock.sendall(request)
        got = b""
        while data := sock.recv(65_536):
            got += data
        return normal(got)


def test_a_body_behind_its_answer_is_on_record_with_its_head(host: Callable[..., tuple[Any, str]]) -> None:
    """Answered as soon as the head is there, recorded before; and then again, before the next request is answered."""
    front, _ = host()
    head = b"POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 21\r\n\r\n"
    with front.connect() as sock:
        sock.sendall(head)
        assert sock.recv(65_536).startswith(b"HTTP/1.1 404 ")
        assert [one.raw for one in front.sightings()] == [head]
        sock.sendall(b"key=TOKEN-1" + b"0123456789")
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")
        raw = [one.raw for one in front.sightings()]
    assert raw == [head, head + b"key=TOKEN-10123456789", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]


def test_what_is_too_long_to_be_passed_on_is_refused_before_it_comes(
    host: Callable[..., tuple[Any, str]],
) -> None:
    front, path = host(body_bytes=1000)
    for fields in (b"Content-Length: 1001\r\n", b"Expect: 100-continue\r\nContent-Length: 1001\r\n"):
        with front.connect() as sock:
            sock.sendall(b"POST %b HTTP/1.1\r\nHost: x\r\n%b\r\n" % (path.encode(), fields))
            assert sock.recv(65_536).startswith(b"HTTP/1.1 413 ")
