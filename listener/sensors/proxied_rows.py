"""The file by which a proxy knows rows and honey tables (`listener.wire_proxy.known_rows`), made from this home.

The database is asked how an answer names the key's column there, and in which order the columns are; nothing is changed
in it, and no row is read.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, text

from canaries.core import files
from canaries.core.errors import HomeError, TraplineError
from canaries.plant.rows import table
from canaries.plant.rows.table import Address, address
from listener.readers import ReaderError, WatchedRow
from listener.sensors import installed, watches
from listener.sensors.planted_rows import index_marks, planted_rows, table_name
from listener.sensors.table_keys import MysqlKeyColumn, key_column
from listener.wire_proxy.known_rows import VERSION, KnownRows, ProxiedTable, key_hash, name_hash

if TYPE_CHECKING:
    from canaries.installation.home import Home

_PLACES = """
WITH RECURSIVE family AS (
  SELECT to_regclass(:t)::oid AS it UNION SELECT inhrelid FROM pg_inherits JOIN family ON inhparent = it
), keys AS (
  SELECT it, attnum FROM family JOIN pg_attribute ON attrelid = it AND attname = :n AND attnum > 0
)
SELECT it, attnum FROM keys UNION
SELECT v.oid, a.attnum FROM keys JOIN pg_depend d ON d.refobjid = it AND d.refobjsubid = keys.attnum
  JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
  JOIN pg_attribute a ON a.attrelid = v.oid AND a.attname = :n
"""
_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:t) AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
"""
_VIEWS = """
SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.VIEWS
WHERE TABLE_SCHEMA = :s AND VIEW_DEFINITION LIKE CONCAT('%`', :s, '`.`', :t, '`%')
"""


@dataclass(frozen=True, slots=True)
class ProxiedRows:
    """What a file came to hold."""

    tables: int
    planted: int
    watched: int
    honey: int


def prepare(home: Home, targets: Sequence[str], out: Path) -> ProxiedRows:
    """Write the file for these tables, mode 0600, in place of what is there; an entry says so. Needs the vault's key.

    Raises ReaderError, PlantError, HomeError, TraplineError; then the file is as it was.
    """
    places = [address(target) for target in targets]
    if len({table_name(where)[:3] for where in places}) > 1:
        raise TraplineError(
            "these tables are on several servers", hint="a proxy is for one: prepare a file for each"
        )
    salt, tables, marked = secrets.token_hex(16), list[ProxiedTable](), list[WatchedRow]()
    planted = watched = 0
    for where in places:
        with table.opened(where) as connection:
            known = _described(home, connection, where)
        rows = planted_rows(home, where)
        if any(set(row.key) != {known.key} for row in rows):
            raise ReaderError(
                f"the planted rows of {where.full_name} are known by another key than its primary one"
            )
        with home.store.read() as reading:
            real = [one for one in watches.of_table(home, reading, where) if one.until > home.now()]
        secret = bytes.fromhex(known.secret)
        marks = {one.mark: one.mark for one in real}
        marks |= {key_hash(secret, str(row.key[known.key])): row.mark for row in rows}
        tables.append(msgspec.structs.replace(known, marks=marks))
        marked += rows
        planted, watched = planted + len(rows), watched + len(real)
    names = _honey(home, places)
    content = msgspec.json.encode(
        KnownRows(VERSION, salt, tables, sorted(name_hash(salt, one) for one in names))
    )
    said = home.act(
        "setting",
        {
            "section": "sensors",
            "proxied": hashlib.sha256(content).hexdigest(),
            "tables": [where.public for where in places],
            "rows": planted + watched,
        },
    )
    try:
        files.replace(out, content)
    except OSError as error:
        raise HomeError(f"{out} cannot be written: {error.strerror}") from error
    with home.store.write() as writing:
        index_marks(home, writing, marked)
        home.writer.put(writing, said)
    return ProxiedRows(len(tables), planted, watched, len(names))


def _described(home: Home, connection: Connection, where: Address) -> ProxiedTable:
    """Without its rows. Raises ReaderError."""
    column = key_column(connection, where)
    secret = watches.table_secret(home, where).hex()
    if isinstance(column, MysqlKeyColumn):
        schema = where.schema or str(where.url.database)
        shown = {(schema, where.table)}
        shown |= {
            (row[0], row[1]) for row in connection.execute(text(_VIEWS), {"s": schema, "t": where.table})
        }
        found = [f"{database}.{name}.{column.name}".lower() for database, name in sorted(shown)]
        return ProxiedTable(schema, where.table, secret, {}, column.name, found, column.columns)
    asked = {"t": column.table}
    pairs = connection.execute(text(_PLACES), {**asked, "n": column.name}).all()
    found = sorted(f"{where.url.database}/{row[0]}/{row[1]}" for row in pairs)
    columns = [str(row[0]) for row in connection.execute(text(_COLUMNS), asked)]
    return ProxiedTable(where.schema or "public", where.table, secret, {}, column.name, found, columns)


def _honey(home: Home, places: Sequence[Address]) -> list[str]:
    """Names of what was made to be read by nobody, on that server."""
    wanted = {table_name(where)[:4] for where in places}
    return sorted(
        {
            name
            for one in installed.read_all(home).values()
            if table_name(address(one.target))[:4] in wanted
            for name in one.names
        }
    )
