"""What each of three SQL servers knows of itself and of who asks: the values for `listener.protocol.sql_answers`."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import ChainMap
from collections.abc import Callable, MutableMapping
from dataclasses import replace

from listener.protocol import mssql_catalogue, mysql_rules, postgres_catalogue, postgres_refusals
from listener.protocol.mssql_releases import MssqlRelease
from listener.protocol.postgres_kept import KeptSettings
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRows, SqlSession
from listener.protocol.sql_values import SqlMoment, SqlTruth, SqlValue

Values = dict[str, SqlValue]

_MYSQL_MODE = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION"
)
_MYSQL: Values = {
    "@@max_allowed_packet": 67_108_864,
    "@@version_comment": "MySQL Community Server - GPL",
    "@@autocommit": 1,
    "@@sql_mode": _MYSQL_MODE,
    "@@transaction_isolation": "REPEATABLE-READ",
    "@@lower_case_table_names": 0,
    "@@time_zone": "SYSTEM",
    "@@system_time_zone": "UTC",
    "@@wait_timeout": 28_800,
    "@@interactive_timeout": 28_800,
    "@@license": "GPL",
    "@@hostname": "localhost",
    "@@port": 3306,
    "@@auto_increment_increment": 1,
    "@@init_connect": "",
    "@@net_write_timeout": 60,
    "@@performance_schema": 1,
    "@@default_storage_engine": "InnoDB",
    "@@sql_auto_is_null": 0,
    "@@transaction_read_only": 0,
    "@@read_only": 0,
    "@@foreign_key_checks": 1,
    "@@unique_checks": 1,
    "@@max_connections": 151,
    "@@version_compile_os": "Linux",
    "@@version_compile_machine": "x86_64",
    "@@basedir": "/usr/",
    "@@datadir": "/var/lib/mysql/",
    "@@tmpdir": "/tmp",  # noqa: S108  what a server says
    "@@secure_file_priv": "/var/lib/mysql-files/",
    "@@server_id": 1,
    "@@log_bin": 1,
    "@@group_concat_max_len": 1024,
    "@@default_authentication_plugin": "caching_sha2_password",
    "@@character_set_database": "utf8mb4",
    "@@character_set_system": "utf8mb3",
    "@@collation_database": "utf8mb4_0900_ai_ci",
    "@@character_set_client": "utf8mb4",
    "@@character_set_connection": "utf8mb4",
    "@@character_set_results": "utf8mb4",
    "@@character_set_server": "utf8mb4",
    "@@collation_connection": "utf8mb4_0900_ai_ci",
    "@@collation_server": "utf8mb4_0900_ai_ci",
}
_POSTGRES: Values = {
    "standard_conforming_strings": "on",
    "pg_is_in_recovery()": SqlTruth("f"),
    "search_path": '"$user", public',
    "client_encoding": "UTF8",
    "server_encoding": "UTF8",
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "integer_datetimes": "on",
    "is_superuser": "off",
    "max_connections": "100",
    "max_identifier_length": "63",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "transaction_read_only": "off",
    "default_transaction_read_only": "off",
    "password_encryption": "scram-sha-256",
    "data_directory_mode": "0700",
    "wal_segment_size": "16MB",
    "inet_server_port()": 5432,
}


def postgres(
    release: str,
    compiler: str,
    user: str,
    database: str,
    *,
    micros: int = 0,
    zone: str = "UTC",
    kept: KeptSettings | None = None,
) -> SqlSession:
    """``release``: as server_version says it; ``compiler``: what it was built with; ``micros``: now, since the
    epoch; ``zone``: in which times are told; ``kept``: what the session has set."""
    kept = kept or KeptSettings()
    major, minor = release.split()[0].split(".")
    values: Values = dict.fromkeys(("current_user", "session_user", "user", "current_role"), user)
    values |= dict.fromkeys(("current_database()", "current_catalog"), database)
    values |= dict.fromkeys(("current_schema()", "current_schema"), "public")
    values |= dict.fromkeys(("transaction isolation level", "transaction_isolation"), "read committed")
    built = f"on x86_64-pc-linux-gnu, compiled by {compiler}, 64-bit"
    now = _moment(micros, zoneinfo.ZoneInfo(kept.zone(zone)))
    offset = f"{now:%z}"
    seconds = f"{now:%Y-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".")
    moment = SqlMoment(seconds + offset[:3] + (f":{offset[3:]}" if offset[3:] != "00" else ""), micros)
    names = (
        "now()",
        "current_timestamp",
        "clock_timestamp()",
        "statement_timestamp()",
        "transaction_timestamp()",
    )
    values |= dict.fromkeys(names, moment)
    values |= {
        "version()": f"PostgreSQL {release} {built}",
        "server_version": release,
        "server_version_num": f"{int(major) * 10_000 + int(minor)}",
        "current_date": f"{now:%Y-%m-%d}",
        "localtimestamp": seconds,
        "timezone": zone,
    }

    def own(statement: str, session: SqlSession, ask: Callable[[str], SqlAnswer]) -> SqlAnswer | None:
        if listed := postgres_catalogue.answer(statement, user, database, session):
            return listed
        found = postgres_refusals.answer(statement, user, database, ask)
        return replace(found, words=statement) if isinstance(found, SqlDone) else found

    return SqlSession(
        ChainMap(kept.values, dict[str, SqlValue](kept.usual), _POSTGRES | values),
        unnamed="?column?",
        server="postgres",
        own=own,
    )


def mysql(
    version: str,
    who: tuple[str, str],
    database: str,
    thread: int,
    *,
    micros: int = 0,
    kept: MutableMapping[str, SqlValue] | None = None,
) -> SqlSession:
    """``who``: user and address; ``micros``: now, since the epoch; ``kept``: the variables that were set, by name."""
    kept = {} if kept is None else kept
    values: Values = dict.fromkeys(("user()", "session_user()", "system_user()"), "@".join(who))
    values |= dict.fromkeys(("current_user()", "current_user"), f"{who[0]}@%")
    values |= dict.fromkeys(("database()", "schema()"), database or None)
    values |= {"version()": version, "@@version": version, "connection_id()": thread}
    now = _moment(micros, datetime.UTC)
    moment = SqlMoment(f"{now:%Y-%m-%d %H:%M:%S}", micros // 1_000_000 * 1_000_000)
    times = (
        "now()",
        "current_timestamp",
        "current_timestamp()",
        "sysdate()",
        "localtimestamp",
        "utc_timestamp()",
    )
    values |= dict.fromkeys(times, moment)
    values |= dict.fromkeys(("curdate()", "current_date", "current_date()"), f"{now:%Y-%m-%d}")
    values |= {"unix_timestamp()": micros // 1_000_000}
    return SqlSession(
        values | _MYSQL | dict(kept),
        server="mysql",
        own=lambda statement, session, ask: mysql_rules.answer(statement, *who, database, session, kept, ask),
    )


def mssql(
    release: MssqlRelease, server: str, who: dict[str, str], number: int, *, micros: int = 0
) -> SqlSession:
    """``who``: ``user``, ``database`` and ``host_name`` of the login; ``number``: of the session; ``micros``:
    now, since the epoch."""
    names = (
        "suser_sname()",
        "suser_name()",
        "system_user",
        "current_user",
        "user_name()",
        "original_login()",
    )
    values: Values = dict.fromkeys(names, who.get("user", ""))
    now = SqlMoment(f"{_moment(micros, datetime.UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3], micros)
    values |= dict.fromkeys(("getdate()", "current_timestamp", "sysdatetime()", "getutcdate()"), now)
    values |= {
        "db_name()": who.get("database") or "master",
        "schema_name()": "dbo",
        "@@version": release.told,
        "serverproperty('productversion')": release.version,
        "serverproperty('productlevel')": "RTM",
        "serverproperty('edition')": "Developer Edition (64-bit)",
        "serverproperty('engineedition')": 3,
        "serverproperty('servername')": server,
        "serverproperty('machinename')": server,
        "@@servername": server,
        "@@spid": number,
        "@@trancount": 0,
        "@@language": "us_english",
        "@@max_precision": 38,
        "@@rowcount": 0,
        "host_name()": who.get("host_name", ""),
    }
    user, database = who.get("user", ""), who.get("database") or "master"
    return SqlSession(
        values,
        unnamed="",
        server="mssql",
        own=lambda statement, session, _: mssql_catalogue.answer(statement, release, user, database, session),
    )


def clickhouse(version: str, who: tuple[str, str], server: str, zone: str, *, micros: int = 0) -> SqlSession:
    """``who``: user and database; ``server``: the host's name; ``micros``: now, since the epoch."""
    now = f"{_moment(micros, zoneinfo.ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
    user, database = who
    values: Values = dict.fromkeys(("currentuser()", "user()", "initialuser()"), user)
    values |= {
        "version()": version,
        "currentdatabase()": database or "default",
        "database()": database or "default",
        "hostname()": server,
        "timezone()": zone,
        "now()": now,
        "today()": now[:10],
    }
    names = sorted({"INFORMATION_SCHEMA", database or "default", "information_schema", "system"})
    listed, nothing = SqlRows(("name",), tuple((name,) for name in names)), SqlRows(("name",), ())
    return SqlSession(values, server="clickhouse", shows={"databases": listed, "tables": nothing})


def _moment(micros: int, zone: datetime.tzinfo) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(micros // 1_000_000, zone).replace(microsecond=micros % 1_000_000)
