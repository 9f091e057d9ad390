"""A file: one JSON object a line, appended and synced, for a log shipper or a SIEM to pick up."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path

from listener.notify.channels import Alert, Channel, DeliveryError
from listener.notify.channels._text import plain


@dataclass(frozen=True, slots=True)
class FileSettings:
    """``[channels.NAME] type = "file"``."""

    path: str
    """Absolute path; made with mode 0600 where it is not there. Its folder must exist."""

    def __post_init__(self) -> None:
        if not Path(self.path).is_absolute() or "\0" in self.path:
            raise ValueError("path must be an absolute path")


class FileChannel(Channel):
    """Appends to a file."""

    name = "file"
    Settings = FileSettings

    def send(self, alert: Alert) -> str:
        line = json.dumps(plain(alert), ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        try:
            offset = append(Path(self.settings.path), line)
        except OSError as error:
            raise DeliveryError(f"the file cannot be written: {error.strerror}", permanent=False) from None
        return f"at byte {offset} of the file"


def append(path: Path, line: bytes) -> int:
    """Add ``line`` whole or not at all, and sync it; its offset comes back. Raises OSError."""
    # O_NOFOLLOW: a link put there by another user must not lead our writing elsewhere
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        try:
            _write(descriptor, b"\n" + line if torn else line)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
        if size == 0:
            _sync_folder(path.parent)
    finally:
        os.close(descriptor)
    return size + torn


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
