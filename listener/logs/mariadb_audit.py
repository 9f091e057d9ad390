"""The file of MariaDB's plug-in server_audit: reads of tables, statements, logins.

    20261127 08:00:00,host,user,client,connection,query,READ,database,table,
    20261127 08:00:00,host,user,client,connection,query,QUERY,database,'SELECT ...',0

(MariaDB, "MariaDB Audit Plugin: log format".) Prepared statements show ``?`` in place of values.
"""

from __future__ import annotations

import re

from canaries.core.text import decoded
from listener.logs import LogRecord, LogSource
from listener.logs._line_shape import line_counter

_LINE = re.compile(
    rb"(\d{8} \d\d:\d\d:\d\d),([^,]*),([^,]*),([^,]*),(\d+),(\d+),([A-Z_]+),([^,]*),(.*)", re.DOTALL
)
_count = line_counter(rb"\d{8} \d\d:\d\d:\d\d,[^,\n]*,[^,\n]*,[^,\n]*,\d+,\d+,[A-Z_]+,")
_TABLE = frozenset({"READ", "WRITE", "CREATE", "DROP", "ALTER", "RENAME"})


class MariadbAudit(LogSource):
    """Who read which table, and statements in which bait stands."""

    name = "mariadb-audit"
    title = "the audit log of MariaDB's plug-in server_audit, with TABLE events"

    def record(self, raw: bytes) -> LogRecord | None:
        found = _LINE.match(raw)
        if found is None:
            return None
        at, server, user, client, connection, query, event, database, rest = map(decoded, found.groups())
        said = rest.rstrip(",")
        table = said.partition(",")[0] if event in _TABLE else ""
        statement = "" if table else said.rpartition(",")[0].strip("'")
        return LogRecord(
            event.lower(),
            at=f"{at[:4]}-{at[4:6]}-{at[6:8]} {at[9:]}",
            client=client,
            account=user[:256],
            request=(f"{database}.{table}" if table else statement)[:4096],
            facts={"server": server, "connection": connection, "query": query, "database": database},
            strings=(table,) if table else (),
            only_strings=bool(table),
        )

    def sound(self, block: bytes) -> int:
        return _count(block)
