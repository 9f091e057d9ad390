"""An installation out of a backup, on a machine that has none; or a rehearsal of it.

Everything happens in a folder inside of the new home, on the backup's own SQLite file: unpacked, counted, verified, the
log continued by the entry that says so. Only then is it put into place, ``home.id`` last, so that a restore that fails
leaves nothing that could be taken for an installation.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canaries.core import files
from canaries.core.errors import HomeError
from canaries.core.store import Store
from canaries.installation.home import Home
from canaries.ledger.checkpoints import Outside, Signed, log_verifier, read_checkpoint
from canaries.ledger.continuation import continue_log
from canaries.ledger.entries import Entry
from canaries.ledger.verification import LedgerReport, verify
from listener.backup import age_archive, database_copy
from listener.backup.back_up import FORMAT
from listener.journal import segment

_KEYS = ("lookup", "log", "journal", "vault", "alerts", "front")
_STAGE = ".restoring"
_PARTS = ("keys", "front", "fronts", "checkpoints", "refused", "sensors", "readers", "filters", "journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore, or its rehearsal, found."""

    manifest: dict[str, Any]
    """`listener.backup.back_up.Manifest` as a dict."""
    ledger: LedgerReport
    """The whole ledger, checked after the log went on."""
    went_on: Entry | None
    """The *restored* entry; None: a rehearsal."""
    leftovers: tuple[str, ...] = ()
    """Segments of the old machine that were added."""


class _Stage(Home):
    """The unpacked backup: an installation on its own SQLite file, whatever the settings say."""

    def _open_store(self) -> Store:
        return Store.sqlite(self.path / "trapline.db")

    @property
    def journal_folder(self) -> Path:
        return self.path / "journal"


def rehearse(backup: Path, identities: Sequence[Any], keys: Path | None = None) -> Restored:
    """Unpack into a temporary folder, count and verify, and remove it again. Raises what a restore would."""
    with (
        tempfile.TemporaryDirectory(prefix="trapline-drill-") as folder,
        _unpacked(backup, identities, Path(folder) / "home", keys) as (stage, manifest),
    ):
        return Restored(manifest, verify(stage), None)


def restore(
    backup: Path,
    identities: Sequence[Any],
    target: Path,
    *,
    reason: str,
    keys: Path | None = None,
    checkpoints: Sequence[Path] = (),
    journal: Path | None = None,
    unlock: Callable[[Path], bytes] | None = None,
) -> Restored:
    """Make the installation in ``target``, which must be empty or not there. Raises HomeError, StoreError, LedgerError.

    ``checkpoints``: newer ones from outside, files or an old ``checkpoints`` folder. ``journal``: what is left of the
    old machine's. ``unlock`` gives the vault key where the vault was locked, from the folder of the keys.
    """
    if target.exists() and not target.is_dir():
        raise HomeError(f"{target} is not a folder", hint="give another folder with --home")
    if target.exists() and any(target.iterdir()):
        raise HomeError(f"{target} is not empty", hint="give another folder with --home")
    existed = target.exists()
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with _unpacked(backup, identities, target / _STAGE, keys) as (stage, manifest):
            _require_keys(stage)
            if unlock and stage.keys.vault_locks:
                stage.keys.hold(unlock(stage.keys.folder))
            final = _destination(target, stage)
            kept = tuple(_kept(stage, checkpoints))
            about = {name: manifest[name] for name in ("made_at", "size", "root")}
            entry = continue_log(stage, stage.writer, stage.act, reason, kept, about)
            report = verify(stage, kept=kept)
            leftovers = _leftovers(stage, journal)
            stage.close()
            _put_in_place(stage, target, final)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if existed:
            target.mkdir(mode=0o700, exist_ok=True)
        raise
    return Restored(manifest, report, entry, leftovers)


@contextmanager
def _unpacked(
    backup: Path, identities: Sequence[Any], folder: Path, keys: Path | None
) -> Iterator[tuple[_Stage, dict[str, Any]]]:
    folder.mkdir(mode=0o700)
    for name in _PARTS:
        (folder / name).mkdir(mode=0o700)
    with age_archive.reading(backup, identities) as tar:
        for member in tar:
            _extract(tar, member, folder)
    manifest = _manifest(folder, backup)
    for path in sorted(keys.iterdir()) if keys else ():
        if path.is_file() and not (folder / "keys" / path.name).exists():
            files.create(folder / "keys" / path.name, path.read_bytes())
    with _Stage(folder) as stage:
        found = database_copy.counts(stage.store)
        if short := [name for name, count in manifest["rows"].items() if found.get(name, 0) < count]:
            raise HomeError(f"{backup} has fewer rows than its manifest says, in: {', '.join(short)}")
        yield stage, manifest


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Regular files with the names that `listener.backup.back_up` gives; nothing else is written."""
    parts = member.name.split("/")
    content = tar.extractfile(member) if member.isfile() else None
    placed = len(parts) == 1 or (len(parts) == 2 and parts[0] in _PARTS)
    if content is None or not placed or any(part in ("", ".", "..") for part in parts):
        raise HomeError(f"the backup holds {member.name!r}, which no backup has")
    with files.draft(folder / member.name) as file:
        shutil.copyfileobj(content, file, 1 << 20)


def _manifest(folder: Path, backup: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        version = manifest["v"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HomeError(f"{backup} holds no backup of Trapline") from error
    if version != FORMAT:
        raise HomeError(
            f"{backup} is a backup of version {version}, this Trapline knows {FORMAT}",
            hint="install the newer Trapline",
        )
    path.unlink()
    return manifest


def _require_keys(stage: _Stage) -> None:
    locked = ("vault",) if stage.keys.vault_locks else ()
    if missing := [name for name in _KEYS if name not in locked and not stage.keys.has(name)]:
        raise HomeError(
            f"the backup is without the keys {', '.join(missing)}",
            hint="bring them from where you keep them: --keys FOLDER",
        )


def _destination(target: Path, stage: _Stage) -> Store | None:
    """The database that the settings name, where it is not the file in the home; it must be empty."""
    if not (url := stage.settings.store.url):
        return None
    final = Store(url)
    with final.read() as connection:
        database_copy.refuse_occupied(final, connection)
    return final


def _kept(stage: _Stage, checkpoints: Sequence[Path]) -> Iterator[Signed]:
    for path in checkpoints:
        if path.is_dir():
            yield from Outside(path, log_verifier(stage)).all()
        else:
            yield read_checkpoint(stage, path)


def _leftovers(stage: _Stage, journal: Path | None) -> tuple[str, ...]:
    """Segments of the old machine: each is added, or replaces a shorter copy of itself."""
    added = []
    for path in segment.segments(journal) if journal else ():
        own = stage.journal_folder / path.name
        if not own.exists() or own.stat().st_size < path.stat().st_size:
            files.replace(own, path.read_bytes())
            added.append(path.name)
    return tuple(added)


def _put_in_place(stage: _Stage, target: Path, final: Store | None) -> None:
    if final is not None:
        try:
            database_copy.load(stage.path / "trapline.db", final)
        finally:
            final.close()
        (stage.path / "trapline.db").unlink()
    outside = Path(stage.settings.journal.folder) if stage.settings.journal.folder else None
    if outside is not None:
        outside.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(stage.journal_folder.iterdir()):
            files.publish(outside / path.name, path.read_bytes())
            path.unlink()
    for path in sorted(stage.path.iterdir(), key=lambda path: path.name == "home.id"):
        path.rename(target / path.name)
    stage.path.rmdir()
    files.sync_folder(target)
