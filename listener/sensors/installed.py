"""What is installed where: a file for each sensor in a database, in the home's folder ``readers``.

It holds what takes the sensor away again, and the fingerprints by which a check knows its parts; nothing of the bait.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from canaries.core import files
from canaries.core.errors import HomeError
from canaries.plant.rows.table import Address, address
from listener.sensors.planted_rows import same_table

if TYPE_CHECKING:
    from canaries.installation.home import Home

FOLDER = "readers"


class InstalledReader(msgspec.Struct, frozen=True):
    """One sensor in a database."""

    reader: str
    """Name of the plug-in."""
    target: str
    """URL of the table, without passwords."""
    at: str
    """RFC 3339."""
    by: str
    rows: int
    """Planted rows that it knows."""
    down: list[str]
    """Statements that take it away."""
    parts: dict[str, str]
    """Part to fingerprint, as of the installation; empty where it did not come to its end."""
    queries: dict[str, str]
    """Part to the question for its fingerprint."""
    marks: str = ""
    """SHA-256 of all marks, to see whether rows were planted since."""
    names: list[str] = []
    """Of tables made for it, for which logs are searched."""
    watched: int = 0
    """Real rows that it knows, whose look-ups are recorded."""
    marks_table: str = ""
    """Quoted; empty where it has none."""


def read_all(home: Home) -> dict[Path, InstalledReader]:
    """Every one, by its file. Raises HomeError."""
    found = {}
    try:
        for path in sorted((home.path / FOLDER).glob("*.json")):
            found[path] = msgspec.json.decode(path.read_bytes(), type=InstalledReader)
    except (OSError, msgspec.DecodeError) as error:
        raise HomeError(f"the records of sensors in {home.path / FOLDER} cannot be read: {error}") from error
    return found


def of_table(home: Home, where: Address) -> dict[Path, InstalledReader]:
    """Those of one table."""
    return {path: one for path, one in read_all(home).items() if same_table(address(one.target), where)}


def keep(home: Home, one: InstalledReader) -> Path:
    """Write the record of a sensor, in place of an earlier one of its own. Raises HomeError."""
    path = _path(home, one)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        files.replace(path, msgspec.json.encode(one))
    except OSError as error:
        raise HomeError(f"{path} cannot be written: {error.strerror}") from error
    return path


def forget(home: Home, one: InstalledReader) -> None:
    """Remove the record of a sensor that is there no more."""
    _path(home, one).unlink(missing_ok=True)


def with_parts(one: InstalledReader, parts: dict[str, str]) -> InstalledReader:
    """The record of a sensor whose installation came to its end."""
    return msgspec.structs.replace(one, parts=parts)


def _path(home: Home, one: InstalledReader) -> Path:
    name = hashlib.sha256(f"{one.reader} {one.target}".encode()).hexdigest()[:16]
    return home.path / FOLDER / f"{name}.json"
