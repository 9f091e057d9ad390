"""What each of three SQL servers knows of itself and of who asks: the values for `listener.protocol.sql_answers`."""

from __future__ import annotations

from listener.protocol.sql_answers import SqlSession

Values = dict[str, str | int | None]

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
    "@@port": 3306,
    "@@character_set_client": "utf8mb4",
    "@@character_set_connection": "utf8mb4",
    "@@character_set_results": "utf8mb4",
    "@@character_set_server": "utf8mb4",
    "@@collation_connection": "utf8mb4_0900_ai_ci",
    "@@collation_server": "utf8mb4_0900_ai_ci",
}
_YEARS = {14: 2017, 15: 2019, 16: 2022}


def postgres(release: str, compiler: str, user: str, database: str) -> SqlSession:
    """``release``: as server_version says it; ``compiler``: what it was built with."""
    major, minor = release.split()[0].split(".")
    values: Values = dict.fromkeys(("current_user", "session_user", "user", "current_role"), user)
    values |= dict.fromkeys(("current_database()", "current_catalog"), database)
    values |= dict.fromkeys(("current_schema()", "current_schema"), "public")
    values |= dict.fromkeys(("transaction isolation level", "transaction_isolation"), "read committed")
    built = f"on x86_64-pc-linux-gnu, compiled by {compiler}, 64-bit"
    values |= {
        "version()": f"PostgreSQL {release} {built}",
        "server_version": release,
        "server_version_num": f"{int(major) * 10_000 + int(minor)}",
        "standard_conforming_strings": "on",
        "pg_is_in_recovery()": "f",
        "search_path": '"$user", public',
        "client_encoding": "UTF8",
    }
    return SqlSession(values, unnamed="?column?")


def mysql(version: str, who: tuple[str, str], database: str, thread: int) -> SqlSession:
    """``who``: user and address."""
    names = ("user()", "current_user()", "current_user", "session_user()", "system_user()")
    values: Values = dict.fromkeys(names, "@".join(who))
    values |= dict.fromkeys(("database()", "schema()"), database or None)
    values |= {"version()": version, "@@version": version, "connection_id()": thread}
    return SqlSession(values | _MYSQL)


def mssql(release: tuple[int, int, int], server: str, who: dict[str, str], number: int) -> SqlSession:
    """``who``: ``user``, ``database`` and ``host_name`` of the login; ``number``: of the session."""
    version = ".".join(map(str, release)) + ".1"
    names = (
        "suser_sname()",
        "suser_name()",
        "system_user",
        "current_user",
        "user_name()",
        "original_login()",
    )
    values: Values = dict.fromkeys(names, who.get("user", ""))
    values |= {
        "db_name()": who.get("database") or "master",
        "schema_name()": "dbo",
        "@@version": f"Microsoft SQL Server {_YEARS[release[0]]} (RTM-CU) - {version} (X64)",
        "serverproperty('productversion')": version,
        "@@servername": server,
        "@@spid": number,
        "@@trancount": 0,
        "@@language": "us_english",
        "@@max_precision": 38,
        "@@rowcount": 0,
        "host_name()": who.get("host_name", ""),
    }
    return SqlSession(values)
