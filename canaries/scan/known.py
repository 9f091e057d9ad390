"""The home's own scan index: kept in a file, and brought up to date before each scan.

Needs the vault's key: the strings are taken from the sealed records. Each canary is opened once; what was minted since
is added.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from canaries.core import store
from canaries.core.errors import ScanError
from canaries.mint import catalogue
from canaries.scan import index
from canaries.scan.index import ScanIndex
from canaries.scan.spellings import Spelling, spellings

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
    with home.store.read() as connection:
        newest = connection.execute(select(func.max(store.token.c.epoch))).scalar() or 0
    for batch in _batches(_minted_since(home, through)):
        found.add(batch)
    found.through = newest
    if newest != through:
        with contextlib.suppress(ScanError):  # not kept, it is made again by the next scan
            index.write(found, path)
    return found


def for_somebody_else(home: Home, key: bytes) -> ScanIndex:
    """The same under another ``key``, so that two of them have no tag in common. Nothing is kept."""
    fresh = ScanIndex(key)
    for batch in _batches(_minted_since(home, 0)):
        fresh.add(batch)
    return fresh


def _kept(path: Path, key: bytes) -> ScanIndex:
    """What was kept; a new one where there is none, or what is there is of another key or damaged."""
    if path.is_file():
        try:
            found = index.read(path)
        except ScanError:  # it can be made again from the records
            return ScanIndex(key)
        if hmac.compare_digest(found.key, key):
            return found
    return ScanIndex(key)


def _key(home: Home) -> bytes:
    return hmac.digest(home.keys.lookup, _PURPOSE, "sha256")


def _minted_since(home: Home, through: int) -> Iterator[tuple[str, list[Spelling]]]:
    """Canaries of later minting transactions that were not erased."""
    table, recent = store.canary, select(store.token.c.canary_id).where(store.token.c.epoch > through)
    query = select(table).where(table.c.id.in_(recent), table.c.sealed.is_not(None)).order_by(table.c.id)
    with home.store.read() as connection:
        for row in connection.execution_options(yield_per=1000).execute(query):
            yield row.id, list(spellings(catalogue.open_record(home, row)))


def _batches(many: Iterator[tuple[str, list[Spelling]]]) -> Iterator[list[tuple[str, list[Spelling]]]]:
    return iter(lambda: list(islice(many, _BATCH)), [])
