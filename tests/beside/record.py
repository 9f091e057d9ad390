"""Record what a real server says to the corpus: ``python -m tests.beside.record ftp 127.0.0.1:2121 "vsftpd 3.0.3"``.

The server has a user ``ann`` (Redis: the default user) with the password in RECORD_PASSWORD, of 21 characters.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.beside import CLOSED, FILES, PASSWORD
from tests.beside.corpus import CORPUS

_QUIET = float(os.environ.get("RECORD_QUIET", "0.5"))
"""Seconds without a byte after which an answer is taken to be whole; vsftpd and PAM delay refusals."""
_LAST = float(os.environ.get("RECORD_LAST", str(_QUIET)))
"""The same behind the last message; RabbitMQ waits three seconds before it ends a connection."""


def heard(sock: socket.socket, quiet: float = _QUIET) -> str:
    data = b""
    try:
        while piece := sock.recv(65_536):
            data += piece
            sock.settimeout(quiet)
    except TimeoutError:
        return data.decode("latin-1")
    except ConnectionError:
        pass
    return data.decode("latin-1") + CLOSED


def record(address: tuple[str, int], messages: list[bytes], password: bytes) -> list[str]:
    """What was said unasked, then after each message."""
    with socket.create_connection(address, timeout=_QUIET) as sock:
        said = [heard(sock)]
        for number, message in enumerate(messages, 1):
            if said[-1].endswith(CLOSED):
                break
            quiet = _LAST if number == len(messages) else _QUIET
            with contextlib.suppress(ConnectionError):
                sock.sendall(message.replace(PASSWORD, password))
            sock.settimeout(max(quiet, float(os.environ.get("RECORD_PATIENCE", "1"))))
            said.append(heard(sock, quiet))
            sock.settimeout(_QUIET)
        return said


def main() -> None:
    """Arguments: trap, address, what the server is."""
    trap, where, server = sys.argv[1:4]
    host, _, port = where.rpartition(":")
    password = os.environ.get("RECORD_PASSWORD", "").encode()
    cases = CORPUS[trap]
    with ThreadPoolExecutor(int(os.environ.get("RECORD_AT_ONCE", "1"))) as pool:
        found = pool.map(lambda said: record((host, int(port)), said, password), cases.values())
        answers = dict(zip(cases, found, strict=True))
    FILES.mkdir(exist_ok=True)
    text = json.dumps({"server": server, "answers": answers}, indent=1, ensure_ascii=True)
    (FILES / f"{trap}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
