"""The key of a table of PostgreSQL or MySQL, and the keys of the rows that an operator names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from canaries.plant.rows.table import Address
from listener.readers import ReaderError
from listener.readers._postgres import column, quoted, scalar

MOST = 1000
"""Rows that one condition may name."""

_PRIMARY = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = to_regclass(:t) AND i.indisprimary
"""


_MYSQL_COLUMNS = (
    "SELECT COLUMN_NAME, COLUMN_KEY = 'PRI' FROM information_schema.COLUMNS"
    " WHERE TABLE_SCHEMA = coalesce(:s, DATABASE()) AND TABLE_NAME = :t ORDER BY ORDINAL_POSITION"
)


class TableKey:
    """A table and its primary key of one column; what differs between databases is in those that inherit."""

    table: str
    """Its name, quoted."""
    name: str
    _as_text: str
    """The key as a text, in SQL."""
    _is_given: str
    """The condition that the key is ``:k``."""
    _reading_only: str
    """The statement after which a transaction only reads."""

    def __init__(self, connection: Connection, where: Address) -> None:
        self._connection, self._shown = connection, where.full_name

    def _only(self, keys: Sequence[str]) -> str:
        """The one column of a primary key. Raises ReaderError."""
        if len(keys) != 1:
            raise ReaderError(f"{self._shown} has no primary key of one column")
        return keys[0]

    def _missing(self) -> ReaderError:
        return ReaderError(f"there is no table {self._shown!r} there", hint="see the name's spelling")

    def say_why(self, reason: str) -> None:
        """What a sensor that is there already records of the look-ups that follow, where there is one."""

    def key_of(self, key: str) -> str:
        """The row's key as the database writes it. Raises ReaderError where there is no such row."""
        query = f"SELECT {self._as_text} FROM {self.table} WHERE {self._is_given}"  # noqa: S608  names are quoted
        found = scalar(self._connection, query, k=key)
        if found is None:
            raise ReaderError(f"no row of {self._shown} has the key {key!r}", hint="see --key")
        return str(found)

    def keys_where(self, condition: str) -> list[str]:
        """The keys of the rows that fulfil a condition, which is the operator's own SQL and is only read with.

        Raises ReaderError where there are more than `MOST`.
        """
        plain = self._connection.execution_options(no_parameters=True)
        plain.exec_driver_sql(self._reading_only)
        query = f"SELECT {self._as_text} FROM {self.table} WHERE ({condition}\n) LIMIT {MOST + 1}"  # noqa: S608  the operator's words
        keys = [str(row[0]) for row in plain.exec_driver_sql(query).all()]
        if len(keys) > MOST:
            raise ReaderError(
                f"more than {MOST} rows of {self._shown} are like that",
                hint="watch fewer: each look-up is recorded",
            )
        return keys


class KeyColumn(TableKey):
    """A primary key of PostgreSQL. Raises ReaderError where there is none of one column."""

    _reading_only = "SET TRANSACTION READ ONLY"

    def __init__(self, connection: Connection, where: Address) -> None:
        super().__init__(connection, where)
        self.table = quoted(connection, where.schema or "", where.table)
        if scalar(connection, "SELECT to_regclass(:t)::text", t=self.table) is None:
            raise self._missing()
        self.name = self._only(column(connection, _PRIMARY, t=self.table))
        named = quoted(connection, self.name)
        sort = scalar(
            connection,
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass(:t) AND attname = :n",
            t=self.table,
            n=self.name,
        )
        self._as_text, self._is_given = f"{named}::text", f"{named} = CAST(:k AS {sort})"

    def say_why(self, reason: str) -> None:
        self._connection.execute(text("SELECT set_config('trapline.reason', :r, true)"), {"r": reason})


class MysqlKeyColumn(TableKey):
    """The same of MySQL and MariaDB, where no sensor in the database is told why."""

    _reading_only = "START TRANSACTION READ ONLY"

    def __init__(self, connection: Connection, where: Address) -> None:
        super().__init__(connection, where)
        quote = connection.dialect.identifier_preparer.quote
        self.table = ".".join(quote(name) for name in (where.schema, where.table) if name)
        rows = connection.execute(text(_MYSQL_COLUMNS), {"s": where.schema, "t": where.table}).all()
        if not rows:
            raise self._missing()
        self.name = self._only([str(row[0]) for row in rows if row[1]])
        named = quote(self.name)
        self._as_text, self._is_given = f"CAST({named} AS CHAR)", f"{named} = :k"
        self.columns = [str(row[0]) for row in rows]


def key_column(connection: Connection, where: Address) -> KeyColumn | MysqlKeyColumn:
    """Of that table. Raises ReaderError."""
    if connection.dialect.name == "postgresql":
        return KeyColumn(connection, where)
    if connection.dialect.name in ("mysql", "mariadb"):
        return MysqlKeyColumn(connection, where)
    raise ReaderError(
        f"rows of {connection.dialect.name} cannot be watched",
        hint="have the application record these look-ups",
    )
