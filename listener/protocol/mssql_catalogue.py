"""What SQL Server tells any login of the server itself: databases, logins, schemas.

``public`` may view any database's name, and of the logins ``sa`` and its own; from Microsoft's documentation of the
views, on Linux as the releases are (`mssql_releases`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from listener.protocol import sql_listing
from listener.protocol.mssql_releases import MssqlRelease
from listener.protocol.sql_answers import SqlRows, SqlSession
from listener.protocol.sql_listing import Row, SqlLists

_SYSTEM = ("master", "tempdb", "model", "msdb")
_COLLATION = "SQL_Latin1_General_CP1_CI_AS"
_ROLES = (
    "sysadmin", "securityadmin", "serveradmin", "setupadmin", "processadmin", "diskadmin", "dbcreator", "bulkadmin",
)  # fmt: skip
_SCHEMAS = {
    "dbo": 1, "guest": 2, "INFORMATION_SCHEMA": 3, "sys": 4, "db_owner": 16_384, "db_accessadmin": 16_385,
    "db_securityadmin": 16_386, "db_ddladmin": 16_387, "db_backupoperator": 16_389, "db_datareader": 16_390,
    "db_datawriter": 16_391, "db_denydatareader": 16_392, "db_denydatawriter": 16_393,
}  # fmt: skip


def answer(
    statement: str,
    release: MssqlRelease,
    user: str,
    database: str,
    session: SqlSession | None = None,
) -> SqlRows | None:
    """The rows of a query of one of these lists; None of any other, and of one that is not understood.

    Raises SqlTooMuchError.
    """
    schemas = _SCHEMAS.items()
    tables: dict[str, Iterator[Row]] = {
        "databases": _databases(release, database),
        "sysdatabases": _old_databases(release, database),
        "server_principals": _principals(user),
        "sql_logins": (row for row in _principals(user) if row["type"] == "S"),
        "syslogins": _old_logins(user),
        "schemas": (
            {"name": name, "schema_id": number, "principal_id": number} for name, number in _SCHEMAS.items()
        ),
        "schemata": (
            {"CATALOG_NAME": database, "SCHEMA_NAME": name, "SCHEMA_OWNER": name} for name, _ in schemas
        ),
    }
    return sql_listing.answer(
        re.sub(r"\[(\w+)\]", r"\1", statement), SqlLists("mssql", tables, session=session or SqlSession({}))
    )


def _names(database: str) -> list[tuple[int, str]]:
    own = () if database.lower() in _SYSTEM else (database,)
    return list(enumerate((*_SYSTEM, *own), 1))


def _databases(release: MssqlRelease, database: str) -> Iterator[Row]:
    for number, name in _names(database):
        own = number > len(_SYSTEM)
        simple = name != "model" and not own
        yield {
            "name": name, "database_id": number, "source_database_id": None,
            "compatibility_level": release.numbers[0] * 10, "collation_name": _COLLATION, "user_access": 0,
            "user_access_desc": "MULTI_USER", "is_read_only": 0, "is_auto_close_on": 0, "is_auto_shrink_on": 0,
            "state": 0, "state_desc": "ONLINE", "is_in_standby": 0,
            "snapshot_isolation_state": int(name in ("master", "msdb")),
            "is_read_committed_snapshot_on": 0, "recovery_model": 3 if simple else 1,
            "recovery_model_desc": "SIMPLE" if simple else "FULL", "is_trustworthy_on": int(name == "msdb"),
            "is_db_chaining_on": int(name in ("master", "tempdb", "msdb")),
            "is_broker_enabled": int(name in ("tempdb", "msdb")),
            "is_published": 0, "is_distributor": 0, "is_cdc_enabled": 0, "is_encrypted": 0, "containment": 0,
            "containment_desc": "NONE",
        }  # fmt: skip


def _old_databases(release: MssqlRelease, database: str) -> Iterator[Row]:
    files = {"tempdb": "tempdb.mdf", "msdb": "MSDBData.mdf"}
    for number, name in _names(database):
        yield {
            "name": name, "dbid": number, "mode": 0, "status": 65_536 if number > 4 else 65_544, "category": 0,
            "cmptlevel": release.numbers[0] * 10,
            "filename": f"/var/opt/mssql/data/{files.get(name, name + '.mdf')}",
        }  # fmt: skip


def _principals(user: str) -> Iterator[Row]:
    listed = [("sa", 1, "S"), ("public", 2, "R")]
    listed += [(name, number, "R") for number, name in enumerate(_ROLES, 3)]
    listed += [(user, 267, "S")] if user.lower() != "sa" else []
    for name, number, sort in listed:
        yield {
            "name": name, "principal_id": number, "type": sort,
            "type_desc": "SQL_LOGIN" if sort == "S" else "SERVER_ROLE", "is_disabled": 0,
            "default_database_name": "master" if sort == "S" else None,
            "default_language_name": "us_english" if sort == "S" else None,
            "is_fixed_role": int(sort == "R" and number > 2),
        }  # fmt: skip


def _old_logins(user: str) -> Iterator[Row]:
    for name in dict.fromkeys(("sa", user)):
        yield {
            "name": name, "loginname": name, "dbname": "master", "language": "us_english", "denylogin": 0,
            "hasaccess": 1, "isntname": 0, "isntgroup": 0, "isntuser": 0, "sysadmin": int(name == "sa"),
            "securityadmin": 0, "serveradmin": 0, "setupadmin": 0, "processadmin": 0, "diskadmin": 0, "dbcreator": 0,
            "bulkadmin": 0,
        }  # fmt: skip
