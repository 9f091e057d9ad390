"""The home's own scan index: kept in a file, and brought up to date before each scan and each look at a log.

Needs the vault's key: the strings are taken from the sealed records. Each canary is opened once; what was minted since
is added.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Table, select

from canaries.core import store
from canaries.core.errors import ScanError
from canaries.mint import catalogue
from canaries.mint.minting import OWN_RANKS, last_epoch
from canaries.scan import index, places
from canaries.scan.index import ScanIndex
from canaries.scan.spellings import VERSION, PersonWord, Spelling, spellings

if TYPE_CHECKING:
    from pathlib import Path

    from canaries.installation.home import Home

FILE = "scan.index"
_BATCH = 2000
_PURPOSE = b"trapline scan index"


def current(home: Home) -> ScanIndex:
    """The index of all canaries of ``home``, brought up to date; kept where that can be. Raises StoreError."""
    path = home.path / FILE
    found = _kept(path, _key(home))
    through = found.through
    newest = last_epoch(home)
    for batch in _batches(_minted_since(home, found)):
        found.add(batch)
    found.through = newest
    if newest != through:
        with contextlib.suppress(ScanError):  # not kept, it is made again by the next scan
            index.write(found, path)
    return found


def for_somebody_else(home: Home, key: bytes) -> ScanIndex:
    """The same under another ``key``, so that two of them have no tag in common, with the places in git work trees.
    Nothing is kept."""
    fresh = ScanIndex(key, places=places.of_home(home, key, anywhere=False).tags)
    newest = last_epoch(home)
    for batch in _batches(_minted_since(home, fresh)):
        fresh.add(batch)
    fresh.through = newest
    return fresh


def missing(home: Home, found: ScanIndex) -> int:
    """How many canaries with a record ``found`` does not know. Raises StoreError."""
    with home.store.read() as connection:
        recent = connection.execute(_recent(store.canary.c.id, found.through)).scalars()
        return len(set(recent) - set(found.canaries))


def _kept(path: Path, key: bytes) -> ScanIndex:
    """What was kept; a new one where there is none, or what is there is of another key or release, or damaged."""
    if path.is_file():
        try:
            found = index.read(path)
        except ScanError:  # it can be made again from the records
            return ScanIndex(key)
        if hmac.compare_digest(found.key, key) and found.spellings == VERSION:
            return found
    return ScanIndex(key)


def _key(home: Home) -> bytes:
    return hmac.digest(home.keys.lookup, _PURPOSE, "sha256")


def _minted_since(home: Home, found: ScanIndex) -> Iterator[tuple[str, list[Spelling | PersonWord]]]:
    """Canaries of later minting transactions that were not erased, and that it does not know."""
    held = set(found.canaries)
    with home.store.read() as connection:
        for row in connection.execution_options(yield_per=1000).execute(_recent(store.canary, found.through)):
            if row.id not in held:
                yield row.id, list(spellings(catalogue.open_record(home, row)))


def _recent(wanted: Table | ColumnElement[str], through: int) -> Select[Any]:
    """What was minted in later transactions, and has a record."""
    table, token = store.canary, store.token
    recent = select(token.c.canary_id).where(token.c.epoch > through, token.c.rank < OWN_RANKS)
    return select(wanted).where(table.c.id.in_(recent), table.c.sealed.is_not(None)).order_by(table.c.id)


def _batches(
    many: Iterator[tuple[str, list[Spelling | PersonWord]]],
) -> Iterator[list[tuple[str, list[Spelling | PersonWord]]]]:
    return iter(lambda: list(islice(many, _BATCH)), [])
