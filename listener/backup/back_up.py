"""Making a backup while the listener runs.

The order makes it whole: first the checkpoints, then the journal, then the database as of one moment. What the traps
answered before the backup began is in the database or in a segment (or in both: taking in passes over what it knows),
and no checkpoint is newer than the database.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select

from canaries import __version__
from canaries.core import files, store
from canaries.core.errors import HomeError
from canaries.core.settings import FILE as SETTINGS
from canaries.core.store import Store, upsert
from canaries.crypto import sieve
from canaries.crypto.sealed_box import BoxOpener
from canaries.installation.home import Home
from canaries.ledger.merkle import Frontier
from listener.backup import age_archive, database_copy
from listener.incidents.source_hash import KEY as SOURCES_KEY
from listener.journal import segment

FORMAT = 1
LAST = "backup"
"""Name of the row in `meta` that says when the last one was made."""
_FOLDERS = ("keys", "checkpoints", "fronts", "refused", "sensors", "readers", "filters")
_SINGLE = (SETTINGS, "home.id", sieve.MARK, "front/leaf", "front/ssh_rsa")
_PASSING = ("lock", SOURCES_KEY)
"""Files that mean nothing elsewhere, and the key whose copy would keep source tags testable for ever."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    v: int
    made_at: str
    """RFC 3339."""
    by: str
    version: str
    """Of the Trapline that made it."""
    home: str
    """Id of the installation."""
    engine: str
    """Of its database: ``sqlite`` or ``postgresql``."""
    size: int
    """Sealed entries."""
    root: str
    """Of those, hexadecimal."""
    rows: dict[str, int]
    """Of each table."""
    segments: tuple[str, ...]
    """Of the journal: what was not taken in yet, or not all of it."""
    without: tuple[str, ...]
    """Keys that were left out."""
    data: tuple[str, ...]
    """Names of the operator's own files of network data, which are not in it."""


def back_up(home: Home, out: Path, recipients: Sequence[str], without: Sequence[str] = ()) -> Manifest:
    """Write a backup to ``out``, which appears whole or not at all; an entry says so. Raises HomeError, StoreError."""
    keys = [age_archive.recipient(one) for one in recipients]
    for name in without:
        if not home.keys.has(name):
            raise HomeError(f"there is no key called {name!r}", hint="see the keys folder of the home")
    if out.exists():
        raise HomeError(f"{out} exists already", hint="give another name with --out")
    small = dict(_small(home, without))
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=home.path) as folder:
        staged = Path(folder)
        segments = _journal(home, staged)
        rows = database_copy.save(home.store, staged / "trapline.db")
        manifest = _manifest(home, staged / "trapline.db", rows, segments, without)
        try:
            with files.draft(out, new=True) as file, age_archive.writing(file, keys) as tar:
                age_archive.add(tar, "manifest.json", json.dumps(asdict(manifest), indent=1).encode())
                for name, content in small.items():
                    age_archive.add(tar, name, content)
                for path in segments:
                    age_archive.add_file(tar, f"journal/{path.name}", path)
                age_archive.add_file(tar, "trapline.db", staged / "trapline.db")
        except FileExistsError:
            raise HomeError(f"{out} exists already", hint="give another name with --out") from None
    _record(home, out, manifest, recipients)
    return manifest


def _small(home: Home, without: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for name in _SINGLE:
        if (path := home.path / name).is_file():
            yield name, path.read_bytes()
    for folder in _FOLDERS:
        for path in sorted((home.path / folder).glob("*")):
            if path.is_file() and path.name not in (*_PASSING, *(without if folder == "keys" else ())):
                yield f"{folder}/{path.name}", path.read_bytes()


def _journal(home: Home, staged: Path) -> list[Path]:
    """Copies of what is in the journal: of a segment in the making, its whole frames."""
    folder, opener = staged / "journal", BoxOpener(home.keys.journal, "journal")
    folder.mkdir()
    copied: list[tuple[Path, Path]] = []
    for path in sorted(home.journal_folder.glob("*")):
        if path.suffix not in (segment.SUFFIX, ".damaged", ".torn"):
            continue
        try:
            content = path.read_bytes()
            if path.suffix == segment.SUFFIX:
                content = content[: max((frame.end for frame in segment.frames(path, opener)), default=0)]
        except FileNotFoundError:
            continue  # taken in meanwhile
        (folder / path.name).write_bytes(content)
        copied.append((path, folder / path.name))
    return [copy for path, copy in copied if path.exists()]  # what is gone by now is in the database


def _manifest(
    home: Home, database: Path, rows: dict[str, int], segments: Sequence[Path], without: Sequence[str]
) -> Manifest:
    frontier, copy = Frontier(), Store.sqlite(database)
    try:
        with copy.read() as connection:
            query = select(store.leaf.c.hash).order_by(store.leaf.c.seq)
            for digest in connection.execute(query, execution_options={"yield_per": 10_000}).scalars():
                frontier.append(digest)
    finally:
        copy.close()
    data = home.path / "data"
    return Manifest(
        v=FORMAT,
        made_at=home.now(),
        by=home.operator,
        version=__version__,
        home=home.id,
        engine=home.store.dialect,
        size=len(frontier),
        root=frontier.root().hex(),
        rows=rows,
        segments=tuple(path.name for path in segments),
        without=tuple(without),
        data=tuple(sorted(path.name for path in data.iterdir())) if data.is_dir() else (),
    )


def _record(home: Home, out: Path, manifest: Manifest, recipients: Sequence[str]) -> None:
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    body = {
        "size": manifest.size,
        "root": manifest.root,
        "sha256": digest,
        "recipients": list(recipients),
        "without": list(manifest.without),
    }
    with home.store.write() as connection:
        home.writer.record(connection, "backed-up", home.now(), home.operator, body)
        row = {"name": LAST, "value": manifest.made_at}
        upsert(connection, store.meta, row, {"value": manifest.made_at})
