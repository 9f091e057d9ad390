"""A tar archive inside an age file, written and read in one pass: nothing of it is on disk in clear.

age authenticates every piece and the end (STREAM), so a file that was changed or cut short does not open.
"""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from canaries.core.errors import HomeError


class _Pump(threading.Thread):
    """Runs one of age's functions beside the archive's reader or writer."""

    def __init__(self, work: Callable[[], None], pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._work, self._pipe = work, pipe
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001  raised again by whoever joins
            self.problem = error
        finally:
            with contextlib.suppress(OSError):
                self._pipe.close()


def recipient(text: str) -> Any:
    """An age recipient (``age1...``), or an SSH public key. Raises HomeError."""
    import pyrage

    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise HomeError(
            f"{text[:60]!r} is no recipient",
            hint="an age recipient begins with age1; make one: trapline backup --new-identity FILE",
        ) from None


def identities(path: Path) -> list[Any]:
    """The identities in a file as ``age-keygen`` writes it, or one SSH private key. Raises HomeError."""
    import pyrage

    try:
        content = path.read_bytes()
    except OSError as error:
        raise HomeError(f"the identity {path} cannot be read: {error.strerror}") from error
    try:
        if content.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(content)]
        lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise HomeError(
            f"{path} is no age identity", hint="it holds a line that begins with AGE-SECRET-KEY-1"
        )
    return found


@contextlib.contextmanager
def writing(file: IO[bytes], recipients: Sequence[Any]) -> Iterator[tarfile.TarFile]:
    """A tar archive whose bytes go encrypted into ``file``."""
    import pyrage

    source, sink = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    pump = _Pump(lambda: pyrage.encrypt_io(source, file, list(recipients)), source)
    pump.start()
    try:
        with (
            contextlib.closing(sink),
            tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            yield tar
    except BrokenPipeError:
        pump.join()
        if pump.problem is None:
            raise
    pump.join()
    if pump.problem is not None:
        raise HomeError(f"the backup cannot be written: {pump.problem}") from pump.problem


@contextlib.contextmanager
def reading(path: Path, keys: Sequence[Any]) -> Iterator[tarfile.TarFile]:
    """The archive in an age file. Raises HomeError where it is no backup, for other keys, changed or cut short."""
    import pyrage

    try:
        file = path.open("rb")
    except OSError as error:
        raise HomeError(f"{path} cannot be read: {error.strerror}") from error
    source, sink = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    with file, contextlib.closing(source):
        pump = _Pump(lambda: pyrage.decrypt_io(file, sink, list(keys)), sink)
        pump.start()
        problem: Exception | None = None
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                yield tar
            while source.read(
                io.DEFAULT_BUFFER_SIZE
            ):  # what is behind the archive's end, so that age sees its own
                pass
        except tarfile.TarError as error:
            problem = error
            source.close()
        pump.join()
        if problem or pump.problem:
            raise HomeError(
                f"{path} does not open: {pump.problem or problem}",
                hint="is it whole, and is this the identity that it was encrypted to?",
            ) from (pump.problem or problem)


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """A small member, private."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    """A large one."""
    member = tarfile.TarInfo(name)
    with path.open("rb") as file:
        member.size, member.mode = os.fstat(file.fileno()).st_size, 0o600
        tar.addfile(member, file)
