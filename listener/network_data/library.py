"""The operator's own files of network data: adding and removing.

A file is read whole with the reader of its schema before it is taken; what answers nothing, or differs from what it
says it is, is refused and nothing changes. It is copied into ``data`` of the home under a name that holds its hash,
so a file in use is never written into; the register is replaced in one step. Lists of Tor's exits are all kept: a
hit is judged by the list of its time.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from listener.network_data.datasets import (
    REGISTER,
    DataSet,
    file_hash,
    open_set,
    reader_of,
    recognise,
    registered,
)
from listener.network_data.readers import DataError

MEGABYTE = 1 << 20
LARGEST = 1024 * MEGABYTE
"""Bytes of a file that is taken or fetched."""

_HISTORY = 400
"""How many lists of one complete class are kept: a year of daily ones."""


def add(
    home: Path,
    path: Path,
    *,
    at: str,
    schema: str = "",
    licence: str = "",
    origin: str = "",
    day: str = "",
    last: bool = False,
    name: str = "",
) -> DataSet:
    """Take ``path`` in at the time ``at`` (RFC 3339); it goes first of all files, or ``last`` of the operator's.

    A file of the same name takes the place of the one before. Raises DataError, and changes nothing then.
    """
    if not path.is_file():
        raise DataError(f"{path} is no file")
    if path.stat().st_size > LARGEST:
        raise DataError(f"{path.name} is larger than {LARGEST // MEGABYTE} MB")
    found = schema or recognise(path)
    reader = reader_of(found)(path)
    sha256, title = file_hash(path), name or path.name
    stated = day or reader.date()
    if stated:
        _check_day(title, stated, at)
    target = home / "data" / f"{sha256[:16]}-{title}"
    known = DataSet(
        name=title,
        schema=found,
        path=target,
        sha256=sha256,
        date=stated or at[:10],
        licence=licence,
        origin=origin or str(path),
        added_at=at,
    )
    fresh = not target.exists()
    _copy(path, target)
    try:
        open_set(known, check=True)
    except DataError:
        if fresh:
            target.unlink(missing_ok=True)
        raise
    kept, dropped = _with(registered(home), known, last, complete=bool(reader.complete))
    _write(home, kept)
    for old in dropped:
        if old.path not in {item.path for item in kept}:
            old.path.unlink(missing_ok=True)
    return known


def remove(home: Path, name: str) -> list[DataSet]:
    """Take every file called ``name`` out. Raises DataError where there is none."""
    known = registered(home)
    gone = [item for item in known if item.name == name]
    if not gone:
        names = ", ".join(sorted({item.name for item in known})) or "none"
        raise DataError(f"no file of network data is called {name!r}", hint=f"there are: {names}")
    kept = [item for item in known if item.name != name]
    _write(home, kept)
    for item in gone:
        if item.path not in {other.path for other in kept}:
            item.path.unlink(missing_ok=True)
    return gone


def _with(
    known: Sequence[DataSet], new: DataSet, last: bool, complete: bool
) -> tuple[list[DataSet], list[DataSet]]:
    """The register with ``new`` in it, and what it takes the place of."""
    same = [item for item in known if item.name == new.name]
    dropped = [item for item in same if not complete or item.sha256 == new.sha256] + same[_HISTORY:]
    kept = [item for item in known if item not in dropped]
    place = next((number for number, item in enumerate(known) if item in dropped), None)
    if place is not None and not complete:
        kept.insert(min(place, len(kept)), new)  # a refreshed file keeps its precedence
    else:
        kept.insert(len(kept) if last else 0, new)
    return kept, dropped


def _check_day(title: str, stated: str, at: str) -> None:
    try:
        found = datetime.date.fromisoformat(stated)
    except ValueError:
        raise DataError(f"{stated!r} is no day", hint="write it as 2026-11-27") from None
    if found > datetime.date.fromisoformat(at[:10]) + datetime.timedelta(days=1):
        raise DataError(f"{title} says it is of {stated}, which has not come yet")


def _copy(path: Path, target: Path) -> None:
    if target.is_file() and file_hash(target) == file_hash(path):
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".adding.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file, path.open("rb") as source:
            shutil.copyfileobj(source, file, MEGABYTE)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write(home: Path, known: Sequence[DataSet]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "name": item.name,
            "schema": item.schema,
            "file": item.path.name,
            "sha256": item.sha256,
            "date": item.date,
            "licence": item.licence,
            "origin": item.origin,
            "added_at": item.added_at,
        }
        for item in known
    ]
    path = home / "data" / REGISTER
    descriptor, temporary = tempfile.mkstemp(prefix=".register.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"sets": rows}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
