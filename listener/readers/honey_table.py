"""MariaDB, MySQL: a table with a tempting name that holds the phony rows alone; the server's audit says who reads it.

These servers have no row-level security, and a view with a function breaks READ ONLY transactions and makes scans tens
of times as slow. So nothing is put between anybody and their data: the sensor is a copy of the planted rows under a
name that is worth a look, and the log that names each table that is read (the plug-in ``server_audit`` with TABLE
events). It costs other statements nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from listener.readers import DatabaseReader, Probe, ReaderError, ReaderPlan, ReaderRequest, Refusal

_WORDS = ("{}_export", "{}_full", "{}_with_contacts", "all_{}")
_COLUMNS = (
    "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :t"
    " AND EXTRA NOT LIKE '%GENERATED%' ORDER BY ORDINAL_POSITION"
)


class HoneyTable(DatabaseReader):
    """The planted rows under a name that is worth a look."""

    name = "honey-table"
    title = "a table of the planted rows alone, with a tempting name, that the server's audit log names when it is read"
    backends = ("mysql", "mariadb")
    rank = 10
    log = "mariadb-audit"

    def plan(self, request: ReaderRequest) -> ReaderPlan:
        connection, table = request.connection, request.where.table
        quote = connection.dialect.identifier_preparer.quote
        columns = [row[0] for row in connection.execute(text(_COLUMNS), {"t": table})]
        if not columns:
            raise ReaderError(f"there is no table {table!r} there", hint="see the name's spelling")
        taken = {row[0] for row in connection.exec_driver_sql("SHOW TABLES")}
        name = request.name("table", tuple(word.format(table) for word in _WORDS), taken)
        honey, source, listed = quote(name), quote(table), ", ".join(quote(one) for one in columns)
        up = [f"CREATE TABLE {honey} LIKE {source}"]
        for row in request.rows:
            key = " AND ".join(
                f"{quote(column)} = {_literal(str(value))}" for column, value in row.key.items()
            )
            up.append(f"INSERT INTO {honey} ({listed}) SELECT {listed} FROM {source} WHERE {key}")
        shape = (
            "SELECT MD5(GROUP_CONCAT(CONCAT(COLUMN_NAME, COLUMN_TYPE) ORDER BY ORDINAL_POSITION)) FROM"
            f" information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {_literal(name)}"
        )
        return ReaderPlan(
            tuple(up),
            (f"DROP TABLE IF EXISTS {honey}",),
            (Probe("the table", shape),),
            tuple(_refusals(connection)),
            tuple(self.notices(connection)),
            "the file of server_audit (server_audit_file_path)",
            ((request.rows[0].canary, name),),
        )

    def notices(self, connection: Connection) -> list[str]:
        said = [one.sentence for one in _refusals(connection)]
        said.append(
            "a dump of the database reads the table: leave it out (--ignore-table), or mark the backup by a rule"
        )
        said.append(
            "EXPLAIN, ANALYZE TABLE, CHECKSUM TABLE and mysqldump --no-data name the table like a read"
        )
        return said


def _refusals(connection: Connection) -> list[Refusal]:
    logging = _variable(connection, "server_audit_logging")
    events = _variable(connection, "server_audit_events").upper()
    if logging != "ON":
        why = "is not loaded" if not logging else "is off"
        return [
            Refusal("no-log", f"the plug-in server_audit {why}: without it no log says who reads the table")
        ]
    if events and "TABLE" not in events.split(","):
        return [
            Refusal(
                "no-log", f"server_audit_events is {events}: TABLE is needed, which says who reads the table"
            )
        ]
    return []


def _variable(connection: Connection, name: str) -> str:
    row = connection.execute(text("SHOW GLOBAL VARIABLES LIKE :n"), {"n": name}).first()
    return str(row[1]) if row is not None else ""


def _literal(value: str) -> str:
    """As hexadecimal: no mode of the server reads it otherwise."""
    return f"CONVERT(0x{value.encode().hex()} USING utf8mb4)" if value else "''"
