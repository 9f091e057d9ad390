"""Entries that a case needs though they name other cases: exports of other cases that held its canaries.

Of these no more is shown than what the case is about: who, when, which canaries, for whom. The rest is held back, in
every version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from listener.dossier.scope import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

OF_AN_EXPORT = frozenset({"by", "for", "to"})
"""What is shown of an export of another case, beside the entry's open part."""


def related(
    connection: Connection, home: Home, scope: Scope, own: set[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """(entry, names of the parts that are shown) of entries beside those of the case, ``own``. Raises LedgerError."""
    for entry in home.reader.entries(connection, "exported"):
        if entry.id not in own and not scope.canaries.isdisjoint(entry.body.get("canaries", ())):
            yield entry.id, OF_AN_EXPORT
