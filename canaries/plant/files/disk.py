"""Writing to disk without breaking anything: a new file appears whole or not at all, and never over another.

New files: written under a temporary name beside their place, synced, then hard-linked to it: link(2) fails where the
name is taken, so nothing can be overwritten however the race goes. Inside the target no symbolic link is followed
(O_NOFOLLOW on every step), so that planting as root in a stranger's folder cannot be led astray.

Existing files are appended to in place, by one write in O_APPEND mode: that keeps inode, links, owner, ACLs and birth
time (a replaced file is as young as its replacement), and loses nothing another program writes meanwhile. A write that
falls short is cut off again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from canaries.core.errors import PlantError
from canaries.plant.files.file_metadata import Likeness

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What link(2) says on file systems without hard links (FAT, many network shares)."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to create."""

    path: PurePosixPath
    """Relative to the target folder."""
    content: bytes
    mode: int
    like: Likeness
    """Whose owner and age it takes."""


@dataclass(slots=True)
class _Made:
    """What planting created, so that it can be undone."""

    files: list[tuple[Path, int, bytes | None]] = field(default_factory=list)
    """(path, inode, content; None while it is written): only what is still the same file is removed."""
    folders: list[Path] = field(default_factory=list)

    def remove(self) -> None:
        for path, inode, content in reversed(self.files):
            with contextlib.suppress(FileNotFoundError):
                # the number alone may be another's by now: it is free once the file is removed
                if path.lstat().st_ino == inode and content in (None, path.read_bytes()):
                    path.unlink()
        for folder in reversed(self.folders):
            with contextlib.suppress(OSError):  # somebody put something into it: then it stays
                folder.rmdir()


@contextlib.contextmanager
def _sentences(what: str) -> Iterator[None]:
    """Turn what the system refuses into a PlantError."""
    try:
        yield
    except FileExistsError as error:
        raise PlantError(f"{what} exists already", hint="nothing was written; name another target") from error
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            sentence = f"{what}: a part of the path is a symbolic link or no folder"
            raise PlantError(sentence, hint="name the real folder as the target") from error
        reason = (error.strerror or type(error).__name__).lower()
        raise PlantError(f"{what} cannot be written: {reason}", hint="nothing was left behind") from error


def create(root: Path, files: Sequence[NewFile]) -> _Made:
    """Create all ``files`` under ``root``, or none. Raises PlantError."""
    made = _Made()
    try:
        with contextlib.ExitStack() as stack:
            staged = [(file, *_stage(stack, made, root, file)) for file in files]
            for file, folder, passing in staged:
                with _sentences(str(root / file.path)):
                    _settle(folder, passing, file, made, root)
    except BaseException:
        made.remove()
        raise
    return made


def _stage(stack: contextlib.ExitStack, made: _Made, root: Path, file: NewFile) -> tuple[int, str]:
    """The open folder of ``file``, and the temporary name under which it is there complete."""
    with _sentences(str(root / file.path)):
        folder = _open_folder(stack, made, root, file)
        passing = f".{secrets.token_hex(6)}"
        stack.callback(_forget, folder, passing)
        _write(os.open(passing, _CREATE, 0o600, dir_fd=folder), file)
        return folder, passing


def _open_folder(stack: contextlib.ExitStack, made: _Made, root: Path, file: NewFile) -> int:
    """Walk down from ``root``, making what is missing; a folder that only planting filled keeps its age."""
    here, path = os.open(root, _FOLDER), root
    stack.callback(os.close, here)
    for part in file.path.parts[:-1]:
        path = path / part
        try:
            following = os.open(part, _FOLDER, dir_fd=here)
        except FileNotFoundError:
            os.mkdir(part, 0o755 if file.mode & 0o077 else 0o700, dir_fd=here)
            made.folders.append(path)
            following = os.open(part, _FOLDER, dir_fd=here)
            _own(following, file.like)
            os.utime(following, ns=(file.like.atime_ns, file.like.mtime_ns))
        stack.callback(os.close, following)
        stack.callback(_keep_age, here, os.fstat(here), file.like)
        here = following
    stack.callback(_keep_age, here, os.fstat(here), file.like)
    return here


def _keep_age(folder: int, before: os.stat_result, like: Likeness) -> None:
    with contextlib.suppress(PermissionError):  # another owner's folder: its age then shows the visit
        os.utime(folder, ns=(before.st_atime_ns, max(before.st_mtime_ns, like.mtime_ns)))


def _forget(folder: int, passing: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(passing, dir_fd=folder)


def _write(descriptor: int, file: NewFile) -> None:
    """Content, owner, mode, age; on disk when this returns."""
    with open(descriptor, "wb") as out:
        out.write(file.content)
        out.flush()
        _own(descriptor, file.like)
        os.fchmod(descriptor, file.mode)
        os.utime(descriptor, ns=(file.like.atime_ns, file.like.mtime_ns))
        os.fsync(descriptor)


def _own(descriptor: int, like: Likeness) -> None:
    with contextlib.suppress(PermissionError):  # only root gives files away; others keep them
        os.fchown(descriptor, *like.owner)


def _settle(folder: int, passing: str, file: NewFile, made: _Made, root: Path) -> None:
    """Give the complete file its name, unless somebody else has it."""
    name = file.path.name
    try:
        os.link(passing, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # No hard links here. O_EXCL still never overwrites; a reader could see it half written for a moment.
        descriptor = os.open(name, _CREATE, 0o600, dir_fd=folder)
        inode = os.fstat(descriptor).st_ino
        made.files.append((root / file.path, inode, None))
        _write(descriptor, file)
        made.files[-1] = root / file.path, inode, file.content
    else:
        inode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino
        made.files.append((root / file.path, inode, file.content))
    os.fsync(folder)


def append(path: Path, before: bytes, added: bytes) -> None:
    """Append ``added`` to the file that holds ``before``, keeping its times. Raises PlantError where it changed."""
    with _sentences(str(path)), _opened(path) as descriptor:
        status = os.fstat(descriptor)
        if status.st_size != len(before):
            raise PlantError(
                f"{path} is being changed by another program", hint="nothing was written; try again"
            )
        try:
            if os.write(descriptor, added) != len(added):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301  undone below, like any other
            os.fsync(descriptor)
        except BaseException:
            _cut(descriptor, status.st_size, added)
            raise
        finally:
            with contextlib.suppress(
                PermissionError
            ):  # writable, but another owner's: its age then shows the edit
                os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _cut(descriptor: int, size: int, added: bytes) -> None:
    """Take the rest of a failed write off, unless somebody else has written behind it."""
    rest = os.pread(descriptor, len(added) + 1, size)
    if added.startswith(rest):
        os.ftruncate(descriptor, size)
