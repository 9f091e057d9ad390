"""PostgreSQL: a view with a tempting name that holds the phony rows alone, and says in the log who looks.

Nobody has a reason to read it, so a look is no false alarm, whoever it is by: superusers too, ``count(*)`` too. It
costs other statements nothing, and no table is changed. What it shows is a copy of the planted rows as they were when
it was made; everybody may read it, for there is nobody in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.readers import DatabaseReader, Probe, ReaderPlan, ReaderRequest, Refusal
from listener.readers._postgres import SAID, column, leader, literal, own_role, quoted, server_warnings
from listener.readers._postgres_table import WatchedTable

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WORDS = {
    "view": ("{}_export", "{}_full", "{}_with_contacts", "all_{}"),
    "copy": ("segment_cache", "region_rows", "catalog_part", "tenant_rows"),
    "view-function": ("segment_rows", "region_list", "catalog_rows", "tenant_list"),
    "view-role": ("segment_reader", "region_reader", "catalog_reader", "tenant_reader"),
}
_MARK = "row_mark"
_BODY = """
DECLARE
  found text; here inet := inet_client_addr(); door integer := inet_client_port();
BEGIN{leader}
  FOR found IN SELECT s.{mark} FROM {copy} s LOOP
    RAISE LOG '% %', found, {said};
  END LOOP;
  RETURN QUERY SELECT * FROM {copy};
END """


class HoneyView(DatabaseReader):
    """The planted rows under a name that is worth a look."""

    name = "honey-view"
    title = "a view of the planted rows alone, with a tempting name, that logs who reads it"
    backends = ("postgresql",)
    rank = 20
    log = "postgresql"

    def plan(self, request: ReaderRequest) -> ReaderPlan:
        watched, connection = WatchedTable(request), request.connection
        taken, table = watched.taken(), request.where.table
        names = {
            purpose: request.name(purpose, tuple(word.format(table) for word in words), taken)
            for purpose, words in _WORDS.items()
        }
        role = quoted(connection, names["view-role"]) if watched.superuser else ""
        view, copy, function = (
            quoted(connection, watched.schema, names[part]) for part in ("view", "copy", "view-function")
        )
        columns = column(
            connection,
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = :o AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum",
            o=watched.oid,
        )
        return ReaderPlan(
            tuple(_up(request, watched, role, view, copy, function, columns)),
            (
                f"DROP VIEW IF EXISTS {view}",
                f"DROP FUNCTION IF EXISTS {function}()",
                f"DROP TABLE IF EXISTS {copy}",
                *([f"DROP ROLE IF EXISTS {role}"] if role else []),
            ),
            (
                Probe("the view", f"SELECT md5(pg_get_viewdef(to_regclass({literal(view)})))"),
                Probe(
                    "the function",
                    f"SELECT md5(pg_get_functiondef(to_regprocedure({literal(function + '()')})))",
                ),
                Probe(
                    "its copy of the rows",
                    f"SELECT relowner::regrole::text FROM pg_class WHERE oid = to_regclass({literal(copy)})",
                ),
            ),
            tuple(_refusals(watched)),
            tuple(self.notices(connection)),
            "the server's own log, in whatever format it is",
            ((request.rows[0].canary, names["view"]),),
        )

    def notices(self, connection: Connection) -> list[str]:
        return [
            *server_warnings(connection),
            "pg_dump reads the copy that is behind the view, and not the view: a dump holds the phony rows twice",
        ]


def _up(
    request: ReaderRequest,
    watched: WatchedTable,
    role: str,
    view: str,
    copy: str,
    function: str,
    columns: list[str],
) -> list[str]:
    key = quoted(request.connection, watched.key)
    made = own_role(request.connection, role) if role else []
    made.append(
        f"CREATE TABLE {copy} AS SELECT {', '.join(columns)}, ''::text AS {_MARK} FROM {watched.full} LIMIT 0"
    )
    made += [
        f"INSERT INTO {copy} SELECT {', '.join(columns)}, {literal(row.mark)} FROM {watched.full}"
        f" WHERE {key} = {literal(str(row.key[watched.key]))}"
        for row in request.rows
    ]
    body = _BODY.format(mark=_MARK, copy=copy, said=SAID, leader=leader(request.connection))
    made += [
        f"REVOKE ALL ON {copy} FROM PUBLIC",
        (
            f"CREATE FUNCTION {function}() RETURNS SETOF {copy} LANGUAGE plpgsql VOLATILE SECURITY DEFINER"
            f" SET search_path = pg_catalog, pg_temp SET client_min_messages = error AS $body${body}$body$"
        ),
        f"CREATE VIEW {view} AS SELECT {', '.join(columns)} FROM {function}()",
        f"GRANT SELECT ON {view} TO PUBLIC",
    ]
    if role:
        made += [f"ALTER TABLE {copy} OWNER TO {role}", f"ALTER FUNCTION {function}() OWNER TO {role}"]
    return made


def _refusals(watched: WatchedTable) -> list[Refusal]:
    """Only what concerns dumps: the table itself stays as it is."""
    return [one for one in watched.refusals() if one.word == "dumps"]
