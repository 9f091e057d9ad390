"""Hostile clients against the whole listener: both processes stay up, their memory flat, and good hits are recorded."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents.queries import hits
from tests import steady
from tests.every import in_part_and_whole

SETTINGS = {
    "TRAPLINE_TRAPS_HTTP_GREETING_SECONDS": "1",
    "TRAPLINE_TRAPS_HTTP_HEAD_SECONDS": "1",
    "TRAPLINE_TRAPS_HTTP_IDLE_SECONDS": "2",
    "TRAPLINE_TRAPS_HTTP_REQUEST_SECONDS": "2",
    "TRAPLINE_TRAPS_HTTP_BODY_BYTES": str(4 << 20),
}
GOOD = "POST /{token}/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
RUBBISH = (
    b"\0",
    b"\xff\xfe\xed\xa0\x80",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b" ",
    b":",
    b"%00%zz%",
    b"\xe2\x80\xae",
    b"A" * 5000,
)


FORMS = 9
"""Sorts of what no honest client sends; the last two are changed from something good."""


def malformed(draw: random.Random, form: int) -> bytes:
    """Something no honest client sends, of that sort."""
    if form == 0:
        return draw.randbytes(draw.randrange(1, 3000))
    if form == 1:  # TLS that is none
        return b"\x16\x03" + draw.randbytes(draw.randrange(600))
    if form == 2:  # a ClientHello's beginning, then rubbish
        size = draw.randrange(40, 20_000)
        return b"\x16\x03\x01" + size.to_bytes(2, "big") + b"\x01\0" + draw.randbytes(draw.randrange(300))
    if form == 3:  # huge heads
        return b"GET / HTTP/1.1\r\n" + (b"X-%d: y\r\n" % draw.randrange(99)) * draw.randrange(12_000)
    if form == 4:  # bodies that lie about their length
        length = draw.choice((b"99999999999999999999", b"-1", b"7", b"0x10", b"7, 8", b""))
        return (
            b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\n" + draw.randbytes(draw.randrange(9))
        )
    if form == 5:  # chunks that are none
        chunk = draw.choice(
            (b"ffffffffffffffff\r\n", b"5\r\nhelloX", b"g\r\n", b"1;" + b"e" * 9000, b"0" * 99, b"-1\r\n")
        )
        return b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
    if form == 6:  # documents that explode
        body = draw.choice(
            (b"[" * 50_000, b'{"a":' * 9_000, b"%25" * 20_000, b"a=b&" * 20_000, b"\x1f\x8b" + bytes(99))
        )
        kind = draw.choice(
            (b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=a")
        )
        return b"POST / HTTP/1.1\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (
            kind,
            len(body),
            body,
        )
    data = bytearray(GOOD.format(token="x" * 20).encode())
    for _ in range(draw.randrange(1, 8)):
        data[draw.randrange(len(data)) : draw.randrange(len(data))] = draw.choice(RUBBISH)
    return bytes(data)


def throw(address: tuple[str, int], data: bytes, draw: random.Random) -> None:
    """In two pieces; then half-closed, reset, or dripped and left."""
    with contextlib.suppress(OSError), socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        middle = draw.randrange(len(data) + 1)
        sock.sendall(data[:middle])
        sock.sendall(data[middle:])
        ending = draw.random()
        if ending < 0.2:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return
        if ending < 0.9:
            sock.shutdown(socket.SHUT_WR)
        while sock.recv(65_536):
            pass


def memory(pid: int) -> int:
    """Resident bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


@contextlib.contextmanager
def dripping(address: tuple[str, int], count: int) -> Iterator[None]:
    """That many connections which say one byte now and then, and some that never read."""
    sockets = [socket.create_connection(address, timeout=steady.PATIENCE) for _ in range(count)]
    stop = threading.Event()

    def drip() -> None:
        letters = iter(b"GET /slow HTTP/1.1\r\nX-Slow: " + b"z" * 10**6)
        while not stop.wait(0.1):
            letter = bytes([next(letters)])
            for sock in sockets:
                with contextlib.suppress(OSError):
                    sock.send(letter)

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for sock in sockets:
            sock.close()


def use(address: tuple[str, int], token: str) -> bytes:
    """The answer to a proper use; it is tried again where this machine was too slow for the limits of the test."""
    while True:
        with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
            with contextlib.suppress(ConnectionError):
                sock.sendall(GOOD.format(token=token).encode())
            answer = sock.recv(4096)
        if not answer.startswith(b"HTTP/1.1 408"):
            return answer


def siege(running: Any, tokens: list[str], count: int, seed: int, threads: int = 12) -> None:
    """``count`` malformed requests, and between them every one of ``tokens`` is used properly and answered."""
    address = running.http
    turns, uses = iter(range(count)), iter(tokens)
    lock, failed = threading.Lock(), []

    def attack() -> None:
        while True:
            with lock:
                turn = next(turns, None)
                token = next(uses, None) if turn is not None and turn % 10 == 0 else None
            if turn is None:
                return
            draw = random.Random(seed + turn)
            throw(address, malformed(draw, turn % FORMS), draw)
            if token is not None and not use(address, token).startswith(b"HTTP/1.1 "):
                failed.append(token)

    workers = [threading.Thread(target=attack) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failed


def withstand(home: Home, listen: Callable[..., Any], warm: int, count: int) -> None:
    """The law of this file."""
    running = listen(home, **SETTINGS)
    pids = {name: running.child(name) for name in ("front", "back")}
    tokens = [minted.canary.tokens[0].value for minted in mint(home, "url", count=(warm + count) // 10)]
    with dripping(running.http, 50):
        siege(running, tokens[: warm // 10], warm, seed=1)
        settled(home, warm // 10)
        before = {name: memory(pid) for name, pid in pids.items()}
        siege(running, tokens[warm // 10 :], count, seed=100_000)
        settled(home, len(tokens))
    after = {name: memory(pid) for name, pid in pids.items()}
    assert {name: running.child(name) for name in pids} == pids, "one of them died and was started again"
    for name in pids:
        assert after[name] < before[name] + (32 << 20), (name, before[name] >> 20, after[name] >> 20)
    found = list(hits(home))
    assert len({hit.canary for hit in found}) == len(found) == len(tokens)
    assert running.stop() == 0


def settled(home: Home, count: int) -> None:
    """Wait until that many hits are there."""
    steady.reach(lambda: len(list(hits(home))), count, "good hits are missing")


@in_part_and_whole
@pytest.mark.usefixtures("started_by_exec")
def test_hundreds_of_malformed_requests(home: Home, listen: Callable[..., Any], whole: bool) -> None:
    warm, count = (200, 400) if whole else (50, 100)
    withstand(home, listen, warm, count)


@pytest.mark.usefixtures("started_by_exec")
@pytest.mark.soak
def test_ten_thousand_malformed_requests(any_home: Home, listen: Callable[..., Any]) -> None:
    withstand(any_home, listen, warm=3_000, count=10_000)


@pytest.mark.usefixtures("started_by_exec")
def test_an_endless_body_ends(home: Home, listen: Callable[..., Any]) -> None:
    """Counted, cut, refused; the token at its beginning is a hit, marked as cut."""
    running = listen(home, **SETTINGS, TRAPLINE_TRAPS_HTTP_KEPT_BYTES="65536")
    front = running.child("front")
    canary = next(mint(home, "url")).canary
    before = memory(front)
    with socket.create_connection(running.http, timeout=steady.PATIENCE) as sock:
        head = f"POST /{canary.tokens[0].value} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        with contextlib.suppress(ConnectionError):
            sock.sendall(head.encode())
            end = time.monotonic() + steady.PATIENCE
            while time.monotonic() < end:
                sock.sendall(b"10000\r\n" + b"\0" * 65_536 + b"\r\n")
            pytest.fail("nobody stopped it")
    settled(home, 1)
    (hit,) = hits(home)
    assert hit.entry.body["raw_truncated"]
    assert hit.entry.body["raw_size"] > 4 << 20
    assert memory(front) < before + (16 << 20)


def test_many_silent_and_handshaking_connections_keep_nobody_out(
    home: Home, listen: Callable[..., Any]
) -> None:
    """Those that say nothing yet are all still there when somebody else is answered."""
    patient = dict.fromkeys(SETTINGS, str(10 * steady.PATIENCE)) | {
        "TRAPLINE_TRAPS_HTTP_BODY_BYTES": SETTINGS["TRAPLINE_TRAPS_HTTP_BODY_BYTES"]
    }
    running = listen(home, **patient)
    silent = [socket.create_connection(running.http, timeout=steady.PATIENCE) for _ in range(200)]
    for number, sock in enumerate(silent):
        sock.sendall((b"", b"\x16", b"\x16\x03\x01\x02\0\x01", b"GET")[number % 4])
    canary = next(mint(home, "url")).canary
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(running.http, timeout=steady.PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname="x.example") as sock,
    ):
        sock.sendall(GOOD.format(token=canary.tokens[0].value).encode())
        assert sock.recv(4096).startswith(b"HTTP/1.1 ")
    settled(home, 1)
    for one in silent:
        one.setblocking(False)
        with pytest.raises(BlockingIOError):
            one.recv(1)
        one.close()
