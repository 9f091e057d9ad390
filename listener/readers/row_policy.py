"""PostgreSQL: a row-level-security policy that lets every row through and says in the server's log which planted ones
were looked at.

    USING (get_bit(buckets, hash(key) & mask) = 0 OR visible(key))

The hash keeps all but a few rows in a thousand away from the function: a call for each row would make a scan fifty
times as slow. The planted rows' keys are in a table that only the function's owner reads, because policies, function
bodies and plans are shown to everybody. The function runs with ``client_min_messages`` at ``error``, else a client that
asks for log messages would see it at work; it writes no table, so it also works in a READ ONLY transaction and is not
undone by ROLLBACK.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from listener.readers import DatabaseReader, Probe, ReaderError, ReaderPlan, ReaderRequest, WatchedRow
from listener.readers._postgres import SAID, leader, literal, own_role, quoted, server_warnings, strong_roles
from listener.readers._postgres_table import HASHES, WatchedTable

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PER_ROW = 256
"""Buckets for each planted row, about: one row in so many goes to the function and hides the planted ones."""
_MOST = 1000
"""Planted rows of one table: the policy grows with them."""

_WORDS = {
    "role": ("tenant", "catalog", "region", "segment"),
    "marks": ("tenant_scope", "account_segment", "region_map", "visibility_scope"),
    "function": ("tenant_visible", "segment_active", "scope_allows", "region_open"),
    "policy": ("tenant_isolation", "segment_access", "scope_check", "region_filter"),
}

_BODY = """
DECLARE
  found text; here inet := inet_client_addr(); door integer := inet_client_port();
BEGIN
  SELECT s.mark INTO found FROM {marks} s WHERE s.item = $1;
  IF found IS NOT NULL THEN{leader}
    RAISE LOG '% %', found, {said};
  END IF;
  RETURN true;
END """


class RowPolicy(DatabaseReader):
    """The planted rows of an ordinary table."""

    name = "row-policy"
    title = "a row-level-security policy that logs which planted rows a statement looked at"
    backends = ("postgresql",)
    rank = 10
    log = "postgresql"
    watches = True

    def plan(self, request: ReaderRequest) -> ReaderPlan:
        watched = WatchedTable(request)
        parts = _PolicyParts(request, watched, with_role=watched.superuser)
        return ReaderPlan(
            tuple(parts.up()),
            tuple(parts.down()),
            tuple(parts.probes()),
            tuple(watched.refusals()),
            tuple(self._warnings(request, watched)),
            "the server's own log, in whatever format it is",
            marks=parts.marks,
        )

    def notices(self, connection: Connection) -> list[str]:
        said = server_warnings(connection)
        if strong := strong_roles(connection):
            said.append(
                f"reads by {', '.join(strong)} pass unseen: superusers and roles with BYPASSRLS are held by no policy"
            )
        return said

    def rehearse(self, plan: ReaderPlan, request: ReaderRequest) -> tuple[str, ...]:
        """On a copy of the table in another schema; the rows' marks mean nothing there."""
        marks = [
            dataclasses.replace(row, mark=hashlib.sha256(row.mark.encode()).hexdigest()[:32])
            for row in request.rows
        ]
        copy = dataclasses.replace(request, rows=tuple(marks))
        return tuple(_PolicyParts(copy, WatchedTable(copy), with_role=False).up())

    def _warnings(self, request: ReaderRequest, watched: WatchedTable) -> list[str]:
        said = self.notices(request.connection)
        if views := watched.strong_views():
            said.append(
                f"reads through {', '.join(views)} pass unseen: such views are read with their owner's rights"
            )
        if not watched.superuser:
            said.append(
                f"without superuser rights the function belongs to {watched.me}, who can read the marks; the client's"
                " address is not known of reads by parallel workers"
            )
        said.append(
            "a search that looks at planted rows without returning them (LIKE, count) is reported as well"
        )
        return said


class _PolicyParts:
    """The statements: a role, a table of marks, a function, a policy."""

    def __init__(self, request: ReaderRequest, watched: WatchedTable, *, with_role: bool) -> None:
        """``with_role``: the function and the marks belong to a role that can do nothing else."""
        self._connection, self._watched, self._rows = request.connection, watched, request.rows
        if len(request.rows) > _MOST:
            raise ReaderError(
                f"{len(request.rows)} rows are more than one policy can name", hint=f"{_MOST} at most"
            )
        taken = watched.taken()
        names = {purpose: request.name(purpose, words, taken) for purpose, words in _WORDS.items()}
        self._kind, self._form = HASHES[watched.type]
        self._role = self._quoted(names["role"]) if with_role else ""
        self.marks = self._quoted(watched.schema, names["marks"])
        """The table of marks."""
        self._function = self._quoted(watched.schema, names["function"])
        self._policy, self._policy_name = self._quoted(names["policy"]), names["policy"]

    def _quoted(self, *names: str) -> str:
        return quoted(self._connection, *names)

    def up(self) -> list[str]:
        """In order."""
        made = self._make_role() + self._make_marks() + self._make_function()
        return [
            *made,
            f"CREATE POLICY {self._policy} ON {self._watched.full} USING ({self._check()}) WITH CHECK (true)",
            f"ALTER TABLE {self._watched.full} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {self._watched.full} FORCE ROW LEVEL SECURITY",
        ]

    def _make_role(self) -> list[str]:
        return own_role(self._connection, self._role) if self._role else []

    def _make_marks(self) -> list[str]:
        values = ", ".join(f"({self._item(row)}, {literal(row.mark)})" for row in self._rows)
        made = [
            f"CREATE TABLE {self.marks} (item {self._kind} PRIMARY KEY, mark text NOT NULL)",
            f"INSERT INTO {self.marks} (item, mark) VALUES {values}",
            f"REVOKE ALL ON {self.marks} FROM PUBLIC",
        ]
        return made + ([f"ALTER TABLE {self.marks} OWNER TO {self._role}"] if self._role else [])

    def _item(self, row: WatchedRow) -> str:
        return f"{literal(str(row.key[self._watched.key]))}::{self._kind}"

    def _make_function(self) -> list[str]:
        body = _BODY.format(marks=self.marks, leader=leader(self._connection), said=SAID)
        made = (
            f"CREATE FUNCTION {self._function}({self._kind}) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE"
            " COST 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = error"
            f" AS $body${body}$body$"
        )
        owned = f"ALTER FUNCTION {self._function}({self._kind}) OWNER TO {self._role}"
        return [made, owned] if self._role else [made]

    def _check(self) -> str:
        salt = int.from_bytes(
            hashlib.sha256(min(row.mark for row in self._rows).encode()).digest()[:6], "big"
        )
        mask = (1 << min(16, max(10, (len(self._rows) * _PER_ROW - 1).bit_length()))) - 1
        asked = ", ".join(f"{self._form.format(self._item(row), salt)} & {mask}" for row in self._rows)
        buckets = bytearray((mask + 1) // 8)
        for one in self._connection.exec_driver_sql(f"SELECT unnest(ARRAY[{asked}])").scalars():
            buckets[one // 8] |= 1 << one % 8  # as get_bit counts
        key = self._quoted(self._watched.key)
        argument = key if self._watched.type == self._kind else f"{key}::{self._kind}"
        bit = f"get_bit('\\x{buckets.hex()}'::bytea, ({self._form.format(key, salt)} & {mask})::integer)"
        return f"{bit} = 0 OR {self._function}({argument})"

    def down(self) -> list[str]:
        """In order; what is not there is passed over."""
        taken = [
            f"ALTER TABLE {self._watched.full} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {self._watched.full} DISABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS {self._policy} ON {self._watched.full}",
            f"DROP FUNCTION IF EXISTS {self._function}({self._kind})",
            f"DROP TABLE IF EXISTS {self.marks}",
        ]
        return taken + ([f"DROP ROLE IF EXISTS {self._role}"] if self._role else [])

    def probes(self) -> list[Probe]:
        """Every part."""
        table = f"to_regclass({literal(self._watched.full)})"
        function = literal(f"{self._function}({self._kind})")
        return [
            Probe(
                "row-level security on the table",
                f"SELECT 'on' FROM pg_class WHERE oid = {table} AND relrowsecurity AND relforcerowsecurity",
            ),
            Probe(
                "the policy",
                "SELECT md5(pg_get_expr(polqual, polrelid) || polroles::text || polpermissive) FROM pg_policy"
                f" WHERE polrelid = {table} AND polname = {literal(self._policy_name)}",
            ),
            Probe("the function", f"SELECT md5(pg_get_functiondef(to_regprocedure({function})))"),
            Probe(
                "the table of marks",
                f"SELECT relowner::regrole::text FROM pg_class WHERE oid = to_regclass({literal(self.marks)})",
            ),
        ]
