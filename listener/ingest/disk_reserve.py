"""A file that only takes room, given back when the disk is full, so that the back can commit what waits and tell."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

NAME = "reserve"
_LARGEST = 64 << 20
_PART = 50
"""Of the disk, one in so many bytes at most."""
_AGAIN = 4
"""It is made anew when so many times its size are free."""


def reserve_bytes(folder: Path) -> int:
    """How much is kept for the back on the disk of ``folder``."""
    return min(_LARGEST, shutil.disk_usage(folder).total // _PART)


class DiskReserve:
    """The file in ``folder``. One per back."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def take(self) -> bool:
        """Make the file where there is room; whether it is there. Never raises for a full disk."""
        if self._path.exists():
            return True
        size = reserve_bytes(self._path.parent)
        if shutil.disk_usage(self._path.parent).free < _AGAIN * size:
            return False
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, max(1, size))
            finally:
                os.close(descriptor)
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> bool:
        """Give the room back where the disk has next to none; whether there was any to give."""
        if shutil.disk_usage(self._path.parent).free > reserve_bytes(self._path.parent):
            return False
        with contextlib.suppress(OSError):
            self._path.unlink()
            return True
        return False
