"""Sensors made and removed: a key file in the home, an entry in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from canaries.core import files
from canaries.core.clock import from_micros, rfc3339
from canaries.core.errors import HomeError, NotFoundError, TraplineError
from listener.sensors import keys

if TYPE_CHECKING:
    from canaries.installation.home import Home


@dataclass(frozen=True, slots=True)
class Sensor:
    """One that may report."""

    name: str
    since: str
    """RFC 3339, of its key file."""


def add_sensor(home: Home, name: str) -> str:
    """The key of a new sensor; making it is an entry. Raises TraplineError, HomeError."""
    if not keys.NAME.fullmatch(name):
        raise TraplineError(
            f"{name!r} cannot be a sensor's name", hint="use a to z, 0 to 9 and hyphens, 32 at most: web-1"
        )
    folder = home.path / keys.FOLDER
    said = home.act("setting", {"section": "sensors", "added": name})
    key = keys.new_key()
    try:
        with home.store.write() as connection:  # neither a key without its entry nor an entry without its key
            home.writer.put(connection, said)
            folder.mkdir(mode=0o700, exist_ok=True)
            files.create(folder / name, key.encode())
    except FileExistsError:
        raise TraplineError(
            f"there is a sensor called {name} already",
            hint=f"remove it first: trapline sensors remove {name}",
        ) from None
    except OSError as error:
        raise HomeError(f"{folder} cannot be written: {error.strerror}") from error
    return key


def remove_sensor(home: Home, name: str, reason: str = "") -> None:
    """From the listener's next reload on nobody reports under this name: an entry. Raises NotFoundError, HomeError."""
    path = home.path / keys.FOLDER / name
    if not keys.NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError(f"there is no sensor called {name!r}", hint="see: trapline sensors list")
    said = home.act("setting", {"section": "sensors", "removed": name, "reason": reason})
    try:
        with home.store.write() as connection:
            home.writer.put(connection, said)
            path.unlink()
            files.sync_folder(path.parent)
    except OSError as error:
        raise HomeError(f"{path} cannot be removed: {error.strerror}") from error


def sensors(home: Home) -> list[Sensor]:
    """All that may report, by name. Raises HomeError."""
    folder = home.path / keys.FOLDER
    return [
        Sensor(name, rfc3339(from_micros((folder / name).stat().st_mtime_ns // 1000)))
        for name in keys.read_keys(folder)
    ]
