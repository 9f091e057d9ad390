"""Where a canary may stand: in the files on record as its placements, in any clone of their repository too.

A place is kept as a keyed tag, so that it can go into an index for somebody else. Whoever has that index can test a
place that they already know; only files in git work trees are in it, which they could search for bait anyway.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import store
from canaries.crypto.token_tags import tagger
from canaries.plant import placements
from canaries.plant.files import git
from canaries.plant.noting import NOTED
from canaries.plant.planters import State
from canaries.scan.parts import parts_of

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.plant.planters import Item
    from canaries.scan.index import ScanIndex

HASHED = frozenset({"md5", "sha1", "sha256", "sha512", "ntlm"})
"""Forms in which a canary stands in allow-lists and exports, and cannot be used."""


@dataclass(slots=True)
class PlantedPlaces:
    """The places of all canaries, under one key."""

    key: bytes
    """Of the tags; 32 bytes."""
    tags: dict[str, list[bytes]]
    """Canary to the tags of its places, and of the files that are its bait and nothing else."""
    _repositories: dict[Path, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, canary: str, name: str) -> bool:
        """Whether ``canary`` was planted in the file ``name``, or in the one that holds it (``archive.zip!member``)."""
        known = self.tags.get(canary)
        if not known:
            return False
        tag = tagger(self.key)
        return any(tag(place) in known for path in _held(name) for place in self._names(path))

    def is_bait(self, path: Path, content: bytes) -> bool:
        """Whether the file at ``path`` is bait as it was planted, and nothing else."""
        tag, known = tagger(self.key), {tag for tags in self.tags.values() for tag in tags}
        digest = hashlib.sha256(content).hexdigest()
        return any(tag(_whole(place, digest)) in known for place in self._names(path))

    def add(self, canaries: list[str], item: Item, *, anywhere: bool) -> None:
        """That ``canaries`` were planted in the file of ``item``; not ``anywhere``: only within a work tree."""
        tag, places = tagger(self.key), list(self._names(Path(item.where)))
        for place in places if anywhere else places[1:]:
            made = [tag(place), *([tag(_whole(place, item.sha256))] if item.how == "created" else [])]
            for canary in canaries:
                self.tags.setdefault(canary, []).extend(made)

    def _names(self, path: Path) -> Iterator[bytes]:
        """The absolute path, then the path within each name of its repository."""
        real = path.resolve()
        yield b"file\0" + os.fsencode(real)
        root = git.work_tree(real.parent)
        if root is None:
            return
        if root not in self._repositories:
            self._repositories[root] = tuple(git.repository_names(root))
        inside = os.fsencode(real.relative_to(root))
        for name in self._repositories[root]:
            yield b"repository\0" + name.encode() + b"\0" + inside


def of_home(home: Home, key: bytes, *, anywhere: bool = True) -> PlantedPlaces:
    """All files on record as placements, but for those that were taken back. Needs the vault's key."""
    found, parts = PlantedPlaces(key, {}), _parts(home)
    for placement in placements.listing(home):
        if placement.state is State.REMOVED or placement.planter == NOTED:
            continue
        for item in placement.items:
            if not item.row and "://" not in item.where:
                found.add([placement.canary, *parts.get(placement.canary, ())], item, anywhere=anywhere)
    return found


def of_index(index: ScanIndex) -> PlantedPlaces:
    """Those that came with an index."""
    return PlantedPlaces(index.key, index.places)


def _parts(home: Home) -> dict[str, list[str]]:
    """Canaries that the bait of another one carries: they are where that one is."""
    table, found = store.canary, dict[str, list[str]]()
    with home.store.read() as connection:
        for row in connection.execute(select(table.c.id, table.c.parent).where(table.c.parent != "")):
            found.setdefault(row.parent, []).append(row.id)
    return found


def _whole(place: bytes, digest: str) -> bytes:
    return b"whole\0" + digest.encode() + b"\0" + place


def _held(name: str) -> Sequence[Path]:
    """The file that a finding is in, or its parts; a file's own name may have an exclamation mark."""
    end = len(name)
    while end > 0:
        path = Path(name[:end])
        if path.is_file():
            return [path]
        if found := parts_of(path):
            return found
        end = name.rfind("!", 0, end)
    return []
