"""The filter files of this machine are kept as new as what was minted, each where ``trapline sensors filter`` wrote it.

What was written where is in the home's folder ``filters``. A filter that was copied elsewhere from there has to be
copied again; what a file lacks, health says.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from canaries.core import files, store
from canaries.core.errors import HomeError, NotFoundError
from canaries.mint.minting import OWN_RANKS, last_epoch
from listener.sensors.filter_making import write_filter

if TYPE_CHECKING:
    from canaries.installation.home import Home

FOLDER = "filters"
SECONDS = 5.0


class KeptFilter(msgspec.Struct, frozen=True):
    """One filter file."""

    path: str
    """Absolute."""
    guessable: bool
    through: int
    """The last minting transaction that is in it."""


def keep(home: Home, path: Path, *, guessable: bool = False) -> int:
    """Write the filter and note where; how many strings are in it. Needs the vault's key. Raises HomeError."""
    through = last_epoch(home)  # what is minted meanwhile may be in it, and makes it be written again
    count = write_filter(home, path, guessable=guessable)
    record = KeptFilter(str(path.absolute()), guessable, through)
    try:
        place = _place(home, path)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        files.replace(place, msgspec.json.encode(record))
    except OSError as error:
        raise HomeError(f"{home.path / FOLDER} cannot be written: {error.strerror}") from error
    return count


def forget(home: Home, path: Path) -> None:
    """Keep it as it is from now on. Raises NotFoundError."""
    place = _place(home, path)
    if not place.exists():
        raise NotFoundError(f"no filter was written to {path}")
    place.unlink()


def kept(home: Home) -> list[KeptFilter]:
    """All that are noted. Raises HomeError."""
    try:
        return [
            msgspec.json.decode(path.read_bytes(), type=KeptFilter)
            for path in sorted((home.path / FOLDER).glob("*.json"))
        ]
    except (OSError, msgspec.DecodeError) as error:
        raise HomeError(f"the notes on filters in {home.path / FOLDER} cannot be read: {error}") from error


def lacking(home: Home, one: KeptFilter) -> int:
    """How many canaries in service were minted since. Raises StoreError."""
    canary, token = store.canary, store.token
    recent = select(token.c.canary_id).where(token.c.epoch > one.through, token.c.rank < OWN_RANKS)
    service = canary.c.sealed.is_not(None) & (canary.c.retired_at == "")
    query = select(func.count()).select_from(canary).where(canary.c.id.in_(recent), service)
    with home.store.read() as connection:
        return int(connection.execute(query).scalar_one())


class FilterWatch:
    """The part of the back that writes filters anew. Without the vault's key it does nothing, and health says so."""

    def __init__(self, home: Home, say: Callable[[str], None]) -> None:
        self._home, self._say = home, say
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. Raises StoreError."""
        while True:
            self.look()
            if stop.wait(SECONDS):
                return

    def look(self) -> int:
        """How many were written anew. Raises StoreError, HomeError."""
        if not self._home.keys.has("vault") or not (found := kept(self._home)):
            return 0
        minted, written = last_epoch(self._home), 0
        for one in found:
            path = Path(one.path)
            if one.through >= minted or not path.exists():
                continue
            try:
                keep(self._home, path, guessable=one.guessable)
                written += 1
            except HomeError as error:
                if error.sentence != self._said:
                    self._say(error.sentence)
                self._said = error.sentence
        return written


def _place(home: Home, path: Path) -> Path:
    return home.path / FOLDER / f"{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]}.json"
