"""A table of PostgreSQL that is to be watched, as the catalogue knows it, and what speaks against a policy on it."""

from __future__ import annotations

from listener.readers import ReaderError, ReaderRequest, Refusal
from listener.readers._postgres import OLDEST, column, literal, quoted, scalar, version

HASHES = {
    "smallint": ("bigint", "hashint8extended({}::bigint, {})"),
    "integer": ("bigint", "hashint8extended({}::bigint, {})"),
    "bigint": ("bigint", "hashint8extended({}, {})"),
    "uuid": ("uuid", "uuid_hash_extended({}, {})"),
    "text": ("text", 'hashtextextended({} COLLATE "C", {})'),
    "character varying": ("text", 'hashtextextended({}::text COLLATE "C", {})'),
}
"""Of a key's type: the type under which a function takes it, and its hash with a salt."""

_LOOK = """
SELECT c.oid, n.nspname, c.relkind::text, c.relrowsecurity, c.relhassubclass OR c.relispartition, o.rolname,
  o.rolsuper OR o.rolbypassrls, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_user::text
FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass({})
"""
_STRONG_VIEWS = """
SELECT DISTINCT v.oid::regclass::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
JOIN pg_class v ON v.oid = r.ev_class JOIN pg_roles o ON o.oid = v.relowner
WHERE d.refobjid = :t AND v.oid <> :t AND (o.rolsuper OR o.rolbypassrls)
"""
_DUMPERS = """
SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND NOT rolbypassrls
AND has_table_privilege(rolname, CAST(:t AS oid), 'SELECT') ORDER BY rolname LIMIT 8
"""


class WatchedTable:
    """What the catalogue says. Raises ReaderError where no sensor can be put there at all."""

    def __init__(self, request: ReaderRequest) -> None:
        self.connection = request.connection
        if version(self.connection) < OLDEST:
            raise ReaderError(
                "this server is older than PostgreSQL 11", hint="use the hook in the application"
            )
        where = request.where
        named = literal(quoted(self.connection, where.schema or "", where.table))
        row = self.connection.exec_driver_sql(_LOOK.format(named)).first()
        if row is None:
            raise ReaderError(f"there is no table {where.full_name!r} there", hint="see the name's spelling")
        self.oid, self.schema, kind, self._secured, self._family, self.owner, self._strong = row[:7]
        self.superuser, self.me = bool(row[7]), str(row[8])
        self.full = quoted(self.connection, self.schema, where.table)
        if kind != "r":
            raise ReaderError(
                f"{where.full_name} is no ordinary table", hint="name the table that holds the rows"
            )
        self.key, self.type = self._find_key(request)

    def _find_key(self, request: ReaderRequest) -> tuple[str, str]:
        names = {name for row in request.rows for name in row.key}
        if len(names) != 1:
            raise ReaderError(
                "the planted rows have no key of one column",
                hint="use the hook in the application, or give the table such a key",
            )
        name = names.pop()
        kind = scalar(
            self.connection,
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = :o AND attname = :n AND attnum > 0",
            o=self.oid,
            n=name,
        )
        if kind not in HASHES:
            raise ReaderError(f"the key {name} is of the type {kind}, which this sensor cannot hash")
        return name, str(kind)

    def taken(self) -> set[str]:
        """Names that are in use where a sensor's parts would be."""
        found = column(
            self.connection,
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = :s"
            " UNION SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE nspname = :s"
            " UNION SELECT rolname FROM pg_roles UNION SELECT polname FROM pg_policy WHERE polrelid = :o",
            s=self.schema,
            o=self.oid,
        )
        return set(found)

    def refusals(self) -> list[Refusal]:
        """Why row-level security should not be put on it."""
        said = []
        if self._secured:
            sentence = "the table has row-level security of its own, which a second policy would widen"
            said.append(Refusal("", sentence))
        if self._family:
            said.append(
                Refusal("", "the table is part of an inheritance tree, whose other tables pass unseen")
            )
        if self._strong:
            said.append(
                Refusal(
                    "strong-owner",
                    f"the table's owner {self.owner} is a superuser or has BYPASSRLS: what an application does as"
                    " this role passes unseen",
                )
            )
        if weak := column(self.connection, _DUMPERS, t=self.oid):
            said.append(
                Refusal(
                    "dumps",
                    f"pg_dump by {', '.join(weak)} will fail: dump as a superuser, or as a role with BYPASSRLS that"
                    " reads every table (pg_read_all_data)",
                )
            )
        return said

    def strong_views(self) -> list[str]:
        """Views over it that are read with the rights of an owner whom no policy holds."""
        return column(self.connection, _STRONG_VIEWS, t=self.oid)
