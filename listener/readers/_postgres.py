"""What sensors in PostgreSQL have in common: questions to its catalogue, and text as SQL writes it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

OLDEST = 110_000
"""Version 11: the first with `hashint8extended` and its like, which the pre-filter needs."""

SAID = """translate(encode(convert_to(json_build_object(
      'at', clock_timestamp(), 'user', session_user, 'role', current_setting('role', true),
      'database', current_database(), 'client', host(here), 'port', door,
      'application', left(current_setting('application_name', true), 100), 'process', pg_backend_pid(),
      'actor', left(current_setting('app.actor', true), 100),
      'reason', left(current_setting('trapline.reason', true), 200),
      'began', statement_timestamp(), 'query', left(current_query(), 3000),
      'tail', CASE WHEN length(current_query()) > 3000 THEN right(current_query(), 1000) END
      )::text, 'UTF8'), 'base64'), E'\\n', '')"""
"""What the database knows of a statement, for `listener.readers.mark`; ``here`` and ``door`` are its client's.

``began`` is the same for all rows that one statement looks at; a comment with a reason stands at its end, the ``tail``.
"""

_LEADER = """
    IF here IS NULL THEN
      SELECT l.client_addr, l.client_port INTO here, door FROM pg_catalog.pg_stat_activity w
        JOIN pg_catalog.pg_stat_activity l ON l.pid = w.leader_pid WHERE w.pid = pg_backend_pid();
    END IF;"""
"""A parallel worker has no client of its own."""
_LEADERS_SINCE = 130_000


def leader(connection: Connection) -> str:
    """PL/pgSQL that fills in whose client a parallel worker works for; empty on servers that do not say."""
    return _LEADER if version(connection) >= _LEADERS_SINCE else ""


def own_role(connection: Connection, role: str) -> list[str]:
    """A role that nobody logs in as, for what a sensor's function may see; ``role`` is quoted."""
    made = [f"CREATE ROLE {role} NOLOGIN"]
    return made + ([f"GRANT pg_read_all_stats TO {role}"] if version(connection) >= _LEADERS_SINCE else [])


def literal(value: str) -> str:
    """``value`` as a string constant that no setting changes the meaning of."""
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"E'{escaped}'" if "\\" in value else f"'{escaped}'"


def quoted(connection: Connection, *names: str) -> str:
    """A dotted name, quoted where it has to be."""
    quote = connection.dialect.identifier_preparer.quote
    return ".".join(quote(name) for name in names if name)


def scalar(connection: Connection, query: str, **values: Any) -> Any:
    """The first column of the first row, or None."""
    row = connection.execute(text(query), values).first()
    return row[0] if row is not None else None


def column(connection: Connection, query: str, **values: Any) -> list[str]:
    """The first column, as text."""
    return [str(row[0]) for row in connection.execute(text(query), values)]


def version(connection: Connection) -> int:
    """``150004``."""
    return int(scalar(connection, "SELECT current_setting('server_version_num')"))


def server_warnings(connection: Connection) -> list[str]:
    """What the server's settings and standbys mean for a sensor that writes to its log."""
    said = []
    level = str(scalar(connection, "SELECT current_setting('log_min_messages')"))
    if level in ("fatal", "panic"):
        said.append(
            f"log_min_messages is {level}: the server writes no line of the sensor; set it to log or lower"
        )
    standbys = column(
        connection,
        "SELECT DISTINCT coalesce(client_addr::text, 'local') FROM pg_stat_replication WHERE state = 'streaming'",
    )
    if standbys:
        said.append(
            f"reads at the standbys ({', '.join(standbys)}) are written to their own logs: follow those as well"
        )
    return said


def strong_roles(connection: Connection) -> list[str]:
    """Roles that may log in and that no row-level security holds."""
    return column(
        connection,
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND (rolsuper OR rolbypassrls) ORDER BY rolname",
    )
