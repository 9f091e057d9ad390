"""The rows of what PostgreSQL 15 lists of itself, as of a fresh cluster with the role and the database of a login."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from listener.protocol.sql_values import SqlTruth, SqlValue

OWNER = 10
"""The number of the role ``postgres``."""
_FIRST_OWN = 16384
_YES, _NO = SqlTruth("t"), SqlTruth("f")
_ACCESS = "{=c/postgres,postgres=CTc/postgres}"
ROLES = (
    ("pg_database_owner", 6171), ("pg_read_all_data", 6181), ("pg_write_all_data", 6182), ("pg_monitor", 3373),
    ("pg_read_all_settings", 3374), ("pg_read_all_stats", 3375), ("pg_stat_scan_tables", 3377),
    ("pg_read_server_files", 4569), ("pg_write_server_files", 4570), ("pg_execute_server_program", 4571),
    ("pg_signal_backend", 4200), ("pg_checkpoint", 4544),
)  # fmt: skip
"""That every cluster has, with their numbers."""


def _databases(_: str, database: str) -> Iterator[dict[str, SqlValue]]:
    own = () if database in ("postgres", "template0", "template1") else ((_FIRST_OWN + 1, database),)
    for oid, name in ((5, "postgres"), (1, "template1"), (4, "template0"), *own):
        template = _YES if name.startswith("template") else _NO
        yield {
            "oid": oid, "datname": name, "datdba": OWNER, "encoding": 6, "datlocprovider": "c",
            "datistemplate": template, "datallowconn": _NO if oid == 4 else _YES, "datconnlimit": -1,
            "datfrozenxid": 717, "datminmxid": 1, "dattablespace": 1663, "datcollate": "C.UTF-8",
            "datctype": "C.UTF-8", "daticulocale": None, "datcollversion": None,
            "datacl": None if oid == 5 else _ACCESS,
        }  # fmt: skip


def _roles(user: str, _: str) -> Iterator[dict[str, SqlValue]]:
    own = () if user == "postgres" else ((user, _FIRST_OWN),)
    for name, oid in (("postgres", OWNER), *ROLES, *own):
        rights = _YES if oid == OWNER else _NO
        login = _YES if oid == OWNER or oid >= _FIRST_OWN else _NO
        yield {
            "rolname": name, "rolsuper": rights, "rolinherit": _YES, "rolcreaterole": rights, "rolcreatedb": rights,
            "rolcanlogin": login, "rolreplication": rights, "rolconnlimit": -1, "rolpassword": "********",
            "rolvaliduntil": None, "rolbypassrls": rights, "rolconfig": None, "oid": oid,
        }  # fmt: skip


def _users(user: str, database: str) -> Iterator[dict[str, SqlValue]]:
    for role in _roles(user, database):
        if role["rolcanlogin"] == _YES:
            yield {
                "usename": role["rolname"], "usesysid": role["oid"], "usecreatedb": role["rolcreatedb"],
                "usesuper": role["rolsuper"], "userepl": role["rolreplication"],
                "usebypassrls": role["rolbypassrls"], "passwd": "********", "valuntil": None, "useconfig": None,
            }  # fmt: skip


def _groups(user: str, database: str) -> Iterator[dict[str, SqlValue]]:
    for role in _roles(user, database):
        if role["rolcanlogin"] == _NO:
            members = "{3373}" if role["oid"] in (3374, 3375, 3377) else "{}"
            yield {"groname": role["rolname"], "grosysid": role["oid"], "grolist": members}


def _namespaces(*_: str) -> Iterator[dict[str, SqlValue]]:
    own, public = (
        "{postgres=UC/postgres,=U/postgres}",
        "{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}",
    )
    for oid, name, owner, access in (
        (99, "pg_toast", OWNER, None), (11, "pg_catalog", OWNER, own), (2200, "public", 6171, public),
        (13213, "information_schema", OWNER, own),
    ):  # fmt: skip
        yield {"oid": oid, "nspname": name, "nspowner": owner, "nspacl": access}


def _schemata(_: str, database: str) -> Iterator[dict[str, SqlValue]]:
    for name in ("information_schema", "pg_catalog", "public"):
        yield {
            "catalog_name": database, "schema_name": name,
            "schema_owner": "pg_database_owner" if name == "public" else "postgres",
            "default_character_set_catalog": None, "default_character_set_schema": None,
            "default_character_set_name": None, "sql_path": None,
        }  # fmt: skip


def _tablespaces(*_: str) -> Iterator[dict[str, SqlValue]]:
    for oid, name in ((1663, "pg_default"), (1664, "pg_global")):
        yield {"oid": oid, "spcname": name, "spcowner": OWNER, "spcacl": None, "spcoptions": None}


def _extensions(*_: str) -> Iterator[dict[str, SqlValue]]:
    yield {
        "oid": 13559, "extname": "plpgsql", "extowner": OWNER, "extnamespace": 11, "extrelocatable": _NO,
        "extversion": "1.0", "extconfig": None, "extcondition": None,
    }  # fmt: skip


TABLES: dict[str, Callable[[str, str], Iterator[dict[str, SqlValue]]]] = {
    "pg_database": _databases, "pg_roles": _roles, "pg_user": _users, "pg_group": _groups,
    "pg_namespace": _namespaces, "schemata": _schemata, "pg_tablespace": _tablespaces, "pg_extension": _extensions,
}  # fmt: skip
BESIDE: Mapping[tuple[str, str], Mapping[str, SqlValue]] = {
    ("pg_database", "pg_tablespace"): {"oid": 1663, "spcname": "pg_default", "spcowner": OWNER},
    ("pg_extension", "pg_namespace"): {"oid": 11, "nspname": "pg_catalog"},
    ("pg_extension", "pg_description"): {"description": "PL/pgSQL procedural language"},
}
"""What a table that is joined to one of them has for each of its rows."""
