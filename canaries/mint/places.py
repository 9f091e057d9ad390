"""Which canaries are at a place: by the labels of placements, which open under the ``alerts`` key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import store
from canaries.crypto.labels import open_place
from canaries.crypto.sealed_box import Locker

if TYPE_CHECKING:
    from canaries.installation.home import Home


def at(home: Home, words: str) -> set[str]:
    """Ids of the canaries with a placement, also one that was taken back, whose place has these words in it.

    Upper and lower case are alike. What release 0.1 planted has no label, and is not found by its place.
    """
    table, wanted, locker = store.placement, words.strip().casefold(), Locker(home.keys.alerts)
    query = select(table.c.id, table.c.canary_id, table.c.label).where(table.c.sealed.is_not(None))
    with home.store.read() as connection:
        return {
            row.canary_id
            for row in connection.execute(query)
            if wanted in open_place(locker, row.id, row.label).casefold()
        }
