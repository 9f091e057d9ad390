"""What two roles of PostgreSQL may do: hygiene, no proof, for whoever owns the tables can undo it.

The front has no login at all. The listener's role may add to what is evidence and never change or delete it; the
operators' role may beside that take the content of a record away (``trapline erase``). Owner of the tables stays who
made them: migrations are the owner's.
"""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.schema import Table

from canaries.core import store
from canaries.core.errors import StoreError
from canaries.core.schema_accounts import approval, identity, passkey

EVIDENCE: tuple[Table, ...] = (store.entry, store.leaf, store.checkpoint, store.raw, store.stamp)
"""What a listener only adds to."""
_ERASABLE: tuple[Table, ...] = (store.entry, store.raw)
"""Whose column ``sealed`` an operator may empty."""
_OPERATORS_ONLY: tuple[Table, ...] = (
    *(store.operator, store.account, store.account_session, store.api_token),
    *(passkey, identity, approval, store.sign_in_failure, store.mint_request),
)


def grant(connection: Connection, listener: str, operators: str) -> None:
    """Give both roles, which exist, what they need and no more. Raises StoreError."""
    if connection.dialect.name != "postgresql":
        raise StoreError("roles are a matter of PostgreSQL; SQLite's rights are those of its file")
    names = {role: _quoted(connection, role) for role in (listener, operators)}
    for table in store.metadata.sorted_tables:
        for name in names.values():
            connection.exec_driver_sql(f'REVOKE ALL ON "{table.name}" FROM {name}')
            connection.exec_driver_sql(f'GRANT SELECT ON "{table.name}" TO {name}')
        for role, name in names.items():
            if rights := _rights(table, operator=role == operators):
                connection.exec_driver_sql(f'GRANT {rights} ON "{table.name}" TO {name}')


def _rights(table: Table, *, operator: bool) -> str:
    if table in EVIDENCE:
        return "INSERT, UPDATE (sealed)" if operator and table in _ERASABLE else "INSERT"
    if table in _OPERATORS_ONLY and not operator:
        return ""
    return "INSERT, UPDATE, DELETE"


def _quoted(connection: Connection, role: str) -> str:
    found = connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).first()
    if found is None:
        raise StoreError(
            f"the database has no role called {role!r}",
            hint="make it first: CREATE ROLE ... LOGIN PASSWORD ...",
        )
    return connection.dialect.identifier_preparer.quote_identifier(role)
