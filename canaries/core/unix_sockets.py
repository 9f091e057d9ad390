"""Unix sockets in a folder whose path may be longer than a socket's address (108 bytes, unix(7)).

Both sides name the socket by an open descriptor of its folder, ``/proc/self/fd/N/NAME``.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def address_of(folder: Path, name: str) -> Iterator[str]:
    """An address of the socket ``name`` in ``folder`` that is short enough. Raises OSError."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)


def listening(folder: Path, name: str, backlog: int) -> socket.socket:
    """A socket that listens, mode 0600, in place of whatever had its name. Raises OSError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    fresh = f".{name}.{secrets.token_hex(4)}"
    try:
        with address_of(folder, fresh) as address:
            before = os.umask(0o177)
            try:
                sock.bind(address)
            finally:
                os.umask(before)
        sock.listen(backlog)
        (folder / fresh).replace(folder / name)
    except OSError:
        sock.close()
        raise
    return sock
