"""A closed-loop HTTP client: each connection sends its next request when it has the answer to the last one.

A process of its own (``python -m benchmarks._load``), so that it does not share the server's interpreter: one JSON
line on stdin says what to do, one on stdout what was found. One epoll loop over plain sockets costs some ten
microseconds a request, a fraction of what any server measured here takes.
"""

from __future__ import annotations

import base64
import json
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_LAST = re.compile(rb"\r\nconnection:[ \t]*close\r\n", re.IGNORECASE)
"""What a server says that lets a connection have so many requests: nginx a hundred."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of the client saw."""

    answers: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int
    """Connections that broke."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def drive(address: tuple[str, int], requests: Sequence[bytes], connections: int, seconds: float) -> Outcome:
    """Send ``requests`` in turn for ``seconds`` over ``connections``, from another process."""
    order = {
        "host": address[0],
        "port": address[1],
        "connections": connections,
        "seconds": seconds,
        "requests": [base64.b64encode(request).decode() for request in requests],
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._load"],
        input=json.dumps(order), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Outcome(**json.loads(done.stdout))


class _Connection:
    __slots__ = ("ended", "received", "sent_at", "sock")

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = socket.create_connection(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent_at = 0.0
        self.ended = False

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.sock.sendall(request)

    def answered(self) -> bool:
        """Read; whether the answer is whole. Raises ConnectionError."""
        data = self.sock.recv(65_536)
        if not data:
            raise ConnectionResetError
        self.received = self.received + data if self.received else data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = _LENGTH.search(self.received, 0, end + 2)
        if len(self.received) < end + 4 + (int(length[1]) if length else 0):
            return False
        self.ended = _LAST.search(self.received, 0, end + 2) is not None
        self.received = b""
        return True


def _drive(address: tuple[str, int], requests: list[bytes], connections: int, seconds: float) -> Outcome:
    supply = cycle(requests)
    watch = select.epoll()
    alive: dict[int, _Connection] = {}

    def connect() -> _Connection:
        made = _Connection(address)
        alive[made.sock.fileno()] = made
        watch.register(made.sock, select.EPOLLIN)
        return made

    for _ in range(connections):
        connect()
    began = time.perf_counter()
    for connection in alive.values():
        connection.send(next(supply))
    waits: list[float] = []
    failed, until = 0, began + seconds
    while alive and (now := time.perf_counter()) < until:
        for number, _ in watch.poll(until - now):
            connection = alive[number]
            try:
                if connection.answered():
                    waits.append(time.perf_counter() - connection.sent_at)
                    if connection.ended:
                        del alive[number]
                        connection.sock.close()
                        connection = connect()
                    connection.send(next(supply))
            except ConnectionError:
                failed += 1
                del alive[number]
                connection.sock.close()
    took = time.perf_counter() - began
    for connection in alive.values():
        connection.sock.close()
    waits.sort()
    last = len(waits) - 1
    return Outcome(len(waits), took, waits[last // 2] * 1e3, waits[last * 99 // 100] * 1e3, failed)


def main() -> None:
    """``python -m benchmarks._load``."""
    order = json.load(sys.stdin)
    requests = [base64.b64decode(request) for request in order["requests"]]
    found = _drive((order["host"], order["port"]), requests, order["connections"], order["seconds"])
    sys.stdout.write(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
