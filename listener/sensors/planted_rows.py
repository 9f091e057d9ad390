"""Which rows of a table are planted, and the mark by which a reader's log names each.

A mark is a keyed hash of the placement: nobody without the ``lookup`` key can make one, and the same row always has
the same. The listener knows it as the token of facet ``row``, which only logs may show.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.crypto.token_tags import tagger
from canaries.mint.minting import OWN_RANKS, next_epoch
from canaries.plant import placements
from canaries.plant.planters import State
from canaries.plant.rows.table import Address, address
from listener.readers import WatchedRow

if TYPE_CHECKING:
    from canaries.installation.home import Home

FACET, TABLE = "row", "table"
_RANK = OWN_RANKS + 1
"""Of these tokens in the index: weaker than every other one."""
_GONE = (State.REMOVED, State.GONE, State.PLANNED)


def planted_rows(home: Home, where: Address) -> list[WatchedRow]:
    """The rows of canaries in service that lie in this table, by placement. Needs the vault's key."""
    retired = _retired(home)
    found = []
    for place in placements.listing(home):
        if place.planter != "database" or place.state in _GONE or place.canary in retired:
            continue
        found += [
            WatchedRow(place.canary, item.memory["key"], mark(home, place.id))
            for item in place.items
            if same_table(address(item.where), where)
        ]
    return found


def same_table(one: Address, other: Address) -> bool:
    """Whether both name the same table; who connects, and with what options, does not matter."""
    return table_name(one) == table_name(other)


def table_name(where: Address) -> tuple[object, ...]:
    """What makes it this table: backend, host, port, database, schema, name."""
    url = where.url
    backend = {"mariadb": "mysql"}.get(url.get_backend_name(), url.get_backend_name())
    schema = where.schema or ("public" if backend == "postgresql" else "")
    host = {"localhost": "127.0.0.1", None: "127.0.0.1"}.get(url.host, url.host)
    port = url.port or {"postgresql": 5432, "mysql": 3306}.get(backend)
    return backend, host, port, url.database, schema, where.table


def mark(home: Home, placement: str) -> str:
    """32 hexadecimal digits."""
    return hmac.digest(home.keys.lookup, f"row {placement}".encode(), "sha256").hex()[:32]


def index_marks(home: Home, connection: Connection, rows: list[WatchedRow]) -> None:
    """Have the listener know the marks."""
    tag, table = tagger(home.keys.lookup), store.token
    wanted = {tag(row.mark.encode()): row.canary for row in rows}
    known = set(connection.execute(select(table.c.tag).where(table.c.facet == FACET)).scalars())
    fresh = sorted(set(wanted) - known)
    if fresh:
        epoch = next_epoch(connection)
        home.store.bulk(connection, table, [(one, wanted[one], FACET, _RANK, epoch) for one in fresh])


def index_tables(home: Home, connection: Connection, tables: Sequence[tuple[str, str]]) -> None:
    """Have the listener know (canary, name) of tables that were made to be read by nobody."""
    tag, table = tagger(home.keys.lookup), store.token
    epoch = next_epoch(connection)
    for canary, name in tables:
        row = {"tag": tag(name.encode()), "canary_id": canary, "facet": TABLE, "rank": _RANK, "epoch": epoch}
        store.upsert(connection, table, row, {"canary_id": canary, "epoch": epoch})


def _retired(home: Home) -> set[str]:
    table = store.canary
    with home.store.read() as connection:
        return set(connection.execute(select(table.c.id).where(table.c.retired_at != "")).scalars())
