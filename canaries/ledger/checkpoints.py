"""The copy of the checkpoints outside the database.

A database can be put back to an older state, and then the log would quietly grow a second history. What was once signed
is therefore also kept in plain files, ``checkpoints/`` under the home folder: a log of the day, one JSON object a line,
and ``latest``, the note alone. Everything is on disk before `put` returns.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from canaries.core import files
from canaries.core.errors import LedgerError
from canaries.ledger.log_home import LogHome
from canaries.ledger.signed_note import Checkpoint, NoteError, Verifier, mend, open_checkpoint, verifier


def log_verifier(home: LogHome) -> Verifier:
    """The log's public key under its origin, which is this installation's own and never another's."""
    return verifier(home.origin, home.keys.log)


def read_checkpoint(home: LogHome, path: Path) -> Signed:
    """A checkpoint that was kept outside, as mail hands it back. Raises LedgerError where it is not the log's."""
    try:
        note = mend(path.read_bytes())
        return Signed(open_checkpoint(note, log_verifier(home)), note, "", f"the file {path}")
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from error
    except NoteError as error:
        raise LedgerError(
            f"{path} holds no checkpoint that this installation signed: {error}",
            hint="it is a note of origin, size and root, a blank line, and a line that begins with a dash",
        ) from error


_HASHES = re.compile(r"Hit hashes\W*((?:(?:[0-9a-f]\s*){64}[,\s]*)+)")


def told_hits(path: Path) -> dict[str, str]:
    """Leaf hashes of the hits that a kept alert tells of, as mail hands it back, to where they stand."""
    text = path.read_bytes().decode("utf-8", "replace")
    unquoted = re.sub(r"^(> ?)+", "", text, flags=re.MULTILINE)
    digits = "".join(re.sub(r"[,\s]", "", found) for found in _HASHES.findall(unquoted))
    return {digits[at : at + 64]: f"the message {path}" for at in range(0, len(digits), 64)}


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the note that proves it."""

    checkpoint: Checkpoint
    note: str
    at: str
    """RFC 3339, this installation's own clock: a statement of the operator, not a time stamp."""
    where: str
    """Where it was found, for messages."""
    continued: bool = False
    """Whether it was signed to go on after a restore: those before it may be larger."""


class Outside:
    """The checkpoints in ``folder``, believed only where ``log`` signed them."""

    def __init__(self, folder: Path, log: Verifier) -> None:
        self._folder, self._log = folder, log

    def latest(self) -> Signed | None:
        """The newest one, or None where none was ever signed. Raises LedgerError where a file was changed."""
        path = self._folder / "latest"
        try:
            note = path.read_text("utf-8")
        except FileNotFoundError:
            return self._last()
        except (OSError, UnicodeDecodeError) as error:
            raise LedgerError(f"{path} cannot be read: {type(error).__name__}") from error
        return self._opened(note, "", str(path))

    def _last(self) -> Signed | None:
        """The largest one since the log went on after a restore, or of all."""
        found: Signed | None = None
        for signed in self.all():
            if found is None or signed.continued or signed.checkpoint.size > found.checkpoint.size:
                found = signed
        return found

    def all(self) -> Iterator[Signed]:
        """Every one of every day, oldest first. Raises LedgerError where a line was changed."""
        for path in sorted(self._folder.glob("*.ndjson")):
            with path.open(encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    if not line.endswith("\n"):
                        continue  # torn by a crash before it was acknowledged; `put` cuts it off
                    where = f"{path}, line {number}"
                    try:
                        record = json.loads(line)
                        note, at = str(record["note"]), str(record["at"])
                    except (ValueError, TypeError, KeyError) as error:
                        raise LedgerError(f"the checkpoint in {where} is unreadable") from error
                    yield self._opened(note, at, where, continued=record.get("continued") is True)

    def _opened(self, note: str, at: str, where: str, *, continued: bool = False) -> Signed:
        try:
            return Signed(open_checkpoint(note, self._log), note, at, where, continued)
        except NoteError as error:
            raise LedgerError(f"the checkpoint in {where} was changed: {error}") from error

    def put(self, checkpoint: Checkpoint, note: str, at: str) -> None:
        """Keep one more. Raises LedgerError where a larger or a different one is already here."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with self._locked():
            known = self.latest()
            if known and known.checkpoint.size >= checkpoint.size:
                if known.checkpoint == checkpoint:
                    return
                raise LedgerError(
                    f"a checkpoint of size {known.checkpoint.size} was signed before this one of {checkpoint.size}",
                    hint="the database was put back to an older state, or another program writes to it",
                )
            self._add(checkpoint, note, at)
            files.replace(self._folder / "latest", note.encode())

    def keep(self, signed: Signed, at: str) -> None:
        """Add a checkpoint of entries that were lost, unless it is here."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with self._locked():
            if all(item.checkpoint != signed.checkpoint for item in self.all()):
                self._add(signed.checkpoint, signed.note, at)

    def go_on(self, checkpoint: Checkpoint, note: str, at: str) -> None:
        """The one that `canaries.ledger.continuation` signed: it counts from now on, whatever larger one is here."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with self._locked():
            self._add(checkpoint, note, at, continued=True)
            files.replace(self._folder / "latest", note.encode())

    def _add(self, checkpoint: Checkpoint, note: str, at: str, **more: bool) -> None:
        line = json.dumps({"at": at, "note": note, "size": checkpoint.size, **more}, ensure_ascii=False)
        _append(self._folder / f"{at[:10]}.ndjson", line.encode() + b"\n")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.seek(whole)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
