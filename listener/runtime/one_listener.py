"""One listener a home: a lock that ends with the process that holds it, whatever killed it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from canaries.core.errors import HomeError

FILE = "listener.lock"


def lock(home: Path) -> int:
    """Be the listener of ``home``: a descriptor, to be closed. Raises HomeError where another one is."""
    path = home / FILE
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise HomeError(f"{path} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = ""
        with contextlib.suppress(OSError):
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        process = f" (process {holder})" if holder.isdigit() else ""
        raise HomeError(f"another listener runs on {home}{process}", hint="stop it first") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor
