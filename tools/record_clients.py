"""Record what real programs send: header names in order (HTTP) and HASSH (SSH), against servers on loopback.

    python -m tools.record_clients

Prints rows for ``listener/network_data/data/fingerprints.csv``: what, value, family (as the client source names
it), version, day, origin. Programs that are not installed are left out. JA4 rows come from the client matrix and
are kept by hand.
"""

from __future__ import annotations

import csv
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from listener.facts.client import _order
from listener.protocol import kexinit

_PYTHON = sys.executable

_AIOHTTP = """
import asyncio, aiohttp
async def fetch():
    async with aiohttp.ClientSession() as session, session.get("{url}") as response:
        await response.read()
asyncio.run(fetch())
"""

HTTP: Mapping[str, Sequence[str]] = {
    "curl": ("curl", "-s", "-o", "/dev/null", "{url}"),
    "Wget": ("wget", "-q", "-O", "/dev/null", "{url}"),
    "Python Requests": (_PYTHON, "-c", "import requests; requests.get('{url}')"),
    "Python urllib": (_PYTHON, "-c", "import urllib.request as u; u.urlopen('{url}').read()"),
    "Python urllib3": (_PYTHON, "-c", "import urllib3; urllib3.PoolManager().request('GET', '{url}')"),
    "HTTPX": (_PYTHON, "-c", "import httpx; httpx.get('{url}')"),
    "aiohttp": (_PYTHON, "-c", _AIOHTTP),
    "Node": ("node", "-e", "fetch('{url}').then(r => r.text())"),
    "Ruby": ("ruby", "-rnet/http", "-e", "Net::HTTP.get(URI('{url}'))"),
    "git": ("git", "ls-remote", "{url}"),
    "libwww-perl": ("lwp-request", "-m", "GET", "{url}"),
}
"""By family, with ``{url}`` for the address."""

SSH: Mapping[str, Sequence[str]] = {
    "OpenSSH": (
        "ssh",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "BatchMode=yes",
        "-p",
        "{port}",
        "x@127.0.0.1",
    ),
    "PuTTY": ("plink", "-batch", "-P", "{port}", "x@127.0.0.1"),
    "Dropbear": ("dbclient", "-y", "-p", "{port}", "x@127.0.0.1"),
    "Paramiko": (
        _PYTHON,
        "-c",
        "import paramiko; paramiko.Transport(('127.0.0.1', {port})).start_client(timeout=3)",
    ),
    "AsyncSSH": (
        _PYTHON,
        "-c",
        "import asyncio, asyncssh; asyncio.run(asyncssh.connect('127.0.0.1', {port}, known_hosts=None))",
    ),
    "libssh2": ("curl", "-s", "-k", "-u", "x:y", "sftp://127.0.0.1:{port}/"),
}


def serve(answer: Callable[[socket.socket], bytes], run: Callable[[int], None]) -> bytes:
    """What the first client of a loopback port said to ``answer`` while ``run(port)`` ran."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def accept() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                heard.append(answer(connection))

        thread = threading.Thread(target=accept)
        thread.start()
        run(server.getsockname()[1])
        thread.join()
    return heard[0] if heard else b""


def request(connection: socket.socket) -> bytes:
    """The request's head, answered with an empty page."""
    data = b""
    while b"\r\n\r\n" not in data and (more := connection.recv(65_536)):
        data += more
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    return data


def greeting(connection: socket.socket) -> bytes:
    """The client's version line and KEXINIT."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    data = b""
    try:
        while kexinit.parse(data) is None and (more := connection.recv(65_536)):
            data += more
    except (ValueError, OSError):
        pass
    return data


def header_names(head: bytes) -> tuple[str, ...]:
    """Names as sent."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    return tuple(line.partition(":")[0] for line in lines if line)


def _run(command: Sequence[str], **values: object) -> None:
    filled = [part.replace("{url}", str(values.get("url"))) for part in command]
    filled = [part.replace("{port}", str(values.get("port"))) for part in filled]
    try:
        subprocess.run(filled, stdin=subprocess.DEVNULL, capture_output=True, timeout=15, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return


def agent(head: bytes) -> str:
    """The User-Agent of a request's head."""
    lines = head.decode("latin-1").split("\r\n")
    return next(
        (line.partition(":")[2].strip() for line in lines if line.lower().startswith("user-agent:")), ""
    )


def main() -> None:
    """Run all, print rows."""
    day = datetime.now(UTC).date().isoformat()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for family, command in HTTP.items():
        head = serve(request, partial(_http, command))
        if names := header_names(head):
            writer.writerow(("header_order", _order(names), family, agent(head)[:60], day, "loopback"))
    for family, command in SSH.items():
        data = serve(greeting, partial(_ssh, command))
        found = kexinit.parse(data) if data.startswith(b"SSH-") else None
        if found is not None:
            writer.writerow(("hassh", found.hassh, family, found.version, day, "loopback"))


def _http(command: Sequence[str], port: int) -> None:
    _run(command, url=f"http://127.0.0.1:{port}/")


def _ssh(command: Sequence[str], port: int) -> None:
    _run(command, port=port)


if __name__ == "__main__":
    main()
