"""The key of a table of PostgreSQL or MySQL, and the keys of the rows that an operator names."""

from __future__ import annotations

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


class KeyColumn:
    """A primary key of one column. Raises ReaderError where there is none."""

    def __init__(self, connection: Connection, where: Address) -> None:
        self._connection, self._shown = connection, where.full_name
        self.table = quoted(connection, where.schema or "", where.table)
        """Its name, quoted."""
        if scalar(connection, "SELECT to_regclass(:t)::text", t=self.table) is None:
            raise ReaderError(f"there is no table {where.full_name!r} there", hint="see the name's spelling")
        names = column(connection, _PRIMARY, t=self.table)
        if len(names) != 1:
            raise ReaderError(f"{where.full_name} has no primary key of one column")
        self.name = names[0]
        self._quoted = quoted(connection, self.name)
        self._type = scalar(
            connection,
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass(:t) AND attname = :n",
            t=self.table,
            n=self.name,
        )

    def say_why(self, reason: str) -> None:
        """What a sensor that is there already records of the look-ups that follow."""
        self._connection.execute(text("SELECT set_config('trapline.reason', :r, true)"), {"r": reason})

    def key_of(self, key: str) -> str:
        """The row's key as the database writes it. Raises ReaderError where there is no such row."""
        query = (
            f"SELECT {self._quoted}::text FROM {self.table} WHERE {self._quoted} = CAST(:k AS {self._type})"  # noqa: S608  names are quoted
        )
        found = scalar(self._connection, query, k=key)
        if found is None:
            raise ReaderError(f"no row of {self._shown} has the key {key!r}", hint="see --key")
        return str(found)

    def keys_where(self, condition: str) -> list[str]:
        """The keys of the rows that fulfil a condition, which is the operator's own SQL and is only read with.

        Raises ReaderError where there are more than `MOST`.
        """
        plain = self._connection.execution_options(no_parameters=True)
        plain.exec_driver_sql("SET TRANSACTION READ ONLY")
        query = f"SELECT {self._quoted}::text FROM {self.table} WHERE ({condition}\n) LIMIT {MOST + 1}"  # noqa: S608  the operator's words
        return _few([str(row[0]) for row in plain.exec_driver_sql(query).all()], self._shown)


_MYSQL_COLUMNS = (
    "SELECT COLUMN_NAME, COLUMN_KEY = 'PRI' FROM information_schema.COLUMNS"
    " WHERE TABLE_SCHEMA = coalesce(:s, DATABASE()) AND TABLE_NAME = :t ORDER BY ORDINAL_POSITION"
)


class MysqlKeyColumn:
    """The same of MySQL and MariaDB."""

    def __init__(self, connection: Connection, where: Address) -> None:
        self._connection, self._shown = connection, where.full_name
        quote = connection.dialect.identifier_preparer.quote
        self.table = ".".join(quote(name) for name in (where.schema, where.table) if name)
        rows = connection.execute(text(_MYSQL_COLUMNS), {"s": where.schema, "t": where.table}).all()
        if not rows:
            raise ReaderError(f"there is no table {where.full_name!r} there", hint="see the name's spelling")
        keys = [str(row[0]) for row in rows if row[1]]
        if len(keys) != 1:
            raise ReaderError(f"{where.full_name} has no primary key of one column")
        self.name, self._quoted = keys[0], quote(keys[0])
        self.columns = [str(row[0]) for row in rows]

    def say_why(self, reason: str) -> None:
        """No sensor in the database hears it."""

    def key_of(self, key: str) -> str:
        """The row's key as the database writes it. Raises ReaderError where there is no such row."""
        query = f"SELECT CAST({self._quoted} AS CHAR) FROM {self.table} WHERE {self._quoted} = :k"  # noqa: S608  names are quoted
        found = scalar(self._connection, query, k=key)
        if found is None:
            raise ReaderError(f"no row of {self._shown} has the key {key!r}", hint="see --key")
        return str(found)

    def keys_where(self, condition: str) -> list[str]:
        """The keys of the rows that fulfil a condition, which is the operator's own SQL and is only read with.

        Raises ReaderError where there are more than `MOST`.
        """
        plain = self._connection.execution_options(no_parameters=True)
        plain.exec_driver_sql("START TRANSACTION READ ONLY")
        query = (
            f"SELECT CAST({self._quoted} AS CHAR) FROM {self.table} WHERE ({condition}\n) LIMIT {MOST + 1}"  # noqa: S608  the operator's words
        )
        return _few([str(row[0]) for row in plain.exec_driver_sql(query).all()], self._shown)


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


def _few(keys: list[str], shown: str) -> list[str]:
    if len(keys) > MOST:
        raise ReaderError(
            f"more than {MOST} rows of {shown} are like that", hint="watch fewer: each look-up is recorded"
        )
    return keys
