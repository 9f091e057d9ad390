"""The servers that are compared, each a real process on loopback."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from canaries.installation.home import Home
from listener.runtime.front import Opening, Spec
from listener.runtime.front_files import front_files


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    address: tuple[str, int]
    pid: int
    """Of the process that does the work."""


@contextmanager
def front(home: Home, module: str = "listener.runtime.front") -> Iterator[Server]:
    """The front of ``home``, with its HTTP trap, as the supervisor starts it."""
    folder = home.path / "front"
    front_files(home)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as sock:
        spec = Spec(
            folder=str(folder),
            journal=str(home.journal_folder),
            segment_bytes=home.settings.journal.segment_mb << 20,
            limit_bytes=home.settings.journal.limit_mb << 20,
            traps={"http": Opening({}, [sock.fileno()])},
        )
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[sock.fileno()],
        )  # fmt: skip
        with process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(msgspec.json.encode(spec) + b"\n")
            process.stdin.flush()
            address = json.loads(process.stdout.readline())["http"][0]
            host, _, port = address.rpartition(":")
            try:
                yield Server((host, int(port)), process.pid)
            finally:
                process.terminate()


@contextmanager
def flask(threads: int = 16) -> Iterator[Server]:
    """`benchmarks._flask_app` under gunicorn's threaded worker, one process as the front is one."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as sock:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1",
                "--threads", str(threads), "--keep-alive", "60", "--log-level", "error",
                "--no-control-socket", "--bind", f"fd://{sock.fileno()}", "benchmarks._flask_app:app",
            ],
            pass_fds=[sock.fileno()],
        )  # fmt: skip
        with process:
            try:
                yield Server(sock.getsockname()[:2], _worker(process.pid))
            finally:
                process.terminate()


def _worker(pid: int) -> int:
    """The only child of gunicorn's master, as soon as there is one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = children.read_text().split()
        if found:
            return int(found[0])
        time.sleep(0.02)
    raise TimeoutError("gunicorn did not start")


def have(program: str) -> bool:
    """Whether a program to compare with is installed."""
    return shutil.which(program) is not None
