"""What a web server says to each piece of `withheld.CORPUS`, and what nginx 1.18.0 said when it was recorded.

``transcripts/http_withheld.json`` holds it. To make it anew, have an nginx 1.18.0 serve as `http_answers` says, with
``proxies`` of `real_servers.nginx`, then ``python -m tests.beside.withheld_answers 127.0.0.1:PORT``.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests import steady
from tests.beside import FILES
from tests.beside.http_answers import Address
from tests.beside.withheld import CORPUS

RECORDED = FILES / "http_withheld.json"
ENDED = "<closed>"
_QUIET, _LOOK = 0.35, 0.01
"""Seconds: of silence behind a piece where it is recorded, and for what should not come where it is compared."""
_AT_ONCE = 8
"""Connections: fewer than a front takes of one address."""
_HEAD = re.compile(rb"HTTP/1\.1 (\d+) [^\r]*\r\n(?:[^\r]+\r\n)*?\r\n")
_LENGTH, _CONNECTION = re.compile(rb"Content-Length: (\d+)"), re.compile(rb"Connection: ([a-z-]+)")


def exchanged(address: Address, pieces: list[bytes], wanted: Sequence[str] = ()) -> list[str]:
    """What is said behind each piece until the server ends the connection. Without ``wanted`` as much as comes before a
    silence; else as much as that is, and whatever else is there already."""
    said = []
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(pieces):
            with contextlib.suppress(ConnectionError, OSError):
                sock.sendall(piece)
            text = _heard(sock, "".join(wanted[number : number + 1]) if wanted else None)
            said.append(text)
            if text.endswith(ENDED):
                return said
    return said


def _heard(sock: socket.socket, wanted: str | None) -> str:
    came, ended = b"", False

    def hear(seconds: float) -> bool:
        nonlocal came, ended
        sock.settimeout(seconds)
        try:
            data = sock.recv(65_536)
        except TimeoutError:
            return False
        except ConnectionError:
            data = b""
        came, ended = came + data, not data
        return not ended

    if wanted is not None:
        while len(normal(came)) < len(wanted.removesuffix(ENDED)) and hear(steady.PATIENCE):
            pass
        if wanted.endswith(ENDED) and not ended:
            hear(steady.PATIENCE)
    while not ended and hear(_LOOK if wanted is not None else _QUIET):
        pass
    return normal(came) + (ENDED if ended else "")


def normal(said: bytes) -> str:
    """Each answer in short: status and what becomes of the connection, and whether it is whole; pages of nginx by their
    text. What is of no answer as it is."""
    found, at = [], 0
    while at < len(said):
        head = _HEAD.match(said, at)
        if head is None:
            found.append(said[at:].decode("latin-1"))
            break
        at = head.end()
        length, connection = _LENGTH.search(head[0]), _CONNECTION.search(head[0])
        body = said[at : at + int(length[1])] if length else b""
        if not said[at:].startswith(b"HTTP/1.1"):
            at += len(body)
        words = [head[1].decode(), connection[1].decode() if connection else ""]
        if b"<center>nginx" in body and body.endswith(b"</html>\r\n"):
            words.append(re.sub(rb"<[^>]*>|\s+", b" ", body).decode().split("nginx")[0].strip())
        found.append(f"[{' '.join(word for word in words if word)}]")
    return "".join(found)


def answers(
    address: Address, places: dict[str, str], wanted: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """To each case what is said; ``places``: the paths."""

    def answer(name: str) -> list[str]:
        filled = []
        for piece in CORPUS[name]:
            for place, path in places.items():
                piece = piece.replace(b"{%b}" % place.encode(), path.encode())
            filled.append(piece)
        return exchanged(address, filled, wanted[name] if wanted else ())

    with ThreadPoolExecutor(_AT_ONCE) as pool:  # most of the time is waiting
        return dict(zip(CORPUS, pool.map(answer, CORPUS), strict=True))


def recorded() -> dict[str, list[str]]:
    """What nginx 1.18.0 said."""
    kept: dict[str, list[str]] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return kept


PATHS = {"MISSING": "/nope", "PAGE": "/", "BEHIND": "/v1/sys/health"}


def main() -> None:
    """Argument: the address of a running nginx 1.18.0."""
    host, _, port = sys.argv[1].rpartition(":")
    found = answers((host, int(port)), PATHS)
    lines = [f" {json.dumps(name)}: {json.dumps(said)}" for name, said in found.items()]
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} cases")


if __name__ == "__main__":
    main()
