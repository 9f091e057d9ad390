"""Writing files: whole and on disk, or not there at all.

    create     a new file; refuses one that is there
    replace    a file in place of the old one
    publish    a new file; whoever comes second leaves the first one alone
    draft      the same promise for content that is written piece by piece
    remove     a file away, and nothing that is none

When a function returns, the content and the name are on disk (fsync of file and folder). Files are private (mode 0600)
unless another mode is given.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def sync_folder(folder: Path) -> None:
    """Put the names in ``folder`` on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a new file. Raises FileExistsError, OSError; nothing is left behind where it fails."""
    _write_new(path, content, mode)
    sync_folder(path.parent)


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write ``path`` in place of what was there. Raises OSError; the old file then still stands."""
    with draft(path, mode) as file:
        file.write(content)


def publish(path: Path, content: bytes, mode: int = 0o600) -> bool:
    """Write ``path`` unless it is there already; whether this call wrote it. Any number of processes may race.

    link(2) is atomic and refuses to replace.
    """
    fresh = _beside(path)
    _write_new(fresh, content, mode)
    try:
        os.link(fresh, path)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    sync_folder(path.parent)
    return True


def remove(path: Path) -> None:
    """Remove a file, where it is there. Raises OSError, also where a device, a pipe or a socket stands."""
    _refuse_device(path)
    path.unlink(missing_ok=True)


@contextlib.contextmanager
def draft(path: Path, mode: int = 0o600, *, new: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to that takes the name ``path`` when the block ends without an error; readable too.

    With ``new`` a file that has come to be there meanwhile is not replaced: FileExistsError.
    """
    fresh = _beside(path)
    descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if new:
            os.link(fresh, path)
            fresh.unlink()
        else:
            fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _beside(path: Path) -> Path:
    """A name of its own in the same folder, short enough wherever ``path`` itself is.

    Raises IsADirectoryError, and OSError where a device, a pipe or a socket stands: root would put a file in its place.
    """
    if not path.name:  # '.' and '/'
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    _refuse_device(path)
    return path.with_name(f".{path.name[:200]}.{secrets.token_hex(8)}")


def _refuse_device(path: Path) -> None:
    if _is_device(path):
        raise OSError(errno.EINVAL, "this is a device or a pipe, not a file", str(path))


def _is_device(path: Path) -> bool:
    """Whether something stands there that is neither file nor folder, or a name for an open file as /dev/stdout is."""
    try:
        kind = path.stat().st_mode
    except OSError:  # not there; or whoever writes is told
        return False
    open_file = path.is_symlink() and str(path.readlink()).startswith("/proc/")
    return open_file or not (stat.S_ISREG(kind) or stat.S_ISDIR(kind))


def _write_new(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
