"""SHOW of a MySQL 8, to an account that may use databases and call their procedures, and read no table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from listener.protocol import mysql_catalogue, mysql_refusals
from listener.protocol.mysql_arithmetic import is_like
from listener.protocol.sql_answers import SqlAnswer, SqlRefused, SqlRows, SqlSession
from listener.protocol.sql_values import SqlValue

_LIKE = re.compile(r"\slike\s+(?:'([^']*)'|\"([^\"]*)\")\s*$", re.I)
_EQUAL = re.compile(r"\swhere\s+`?\w+`?\s*(?:=|like)\s*(?:'([^']*)'|\"([^\"]*)\")\s*$", re.I)
_OF = re.compile(r"\s(?:from|in)\s+([\w$`]+)", re.I)
_STATUS = (
    "Name Engine Version Row_format Rows Avg_row_length Data_length Max_data_length Index_length Data_free"
)
_STATUS += " Auto_increment Create_time Update_time Check_time Collation Checksum Create_options Comment"
_LANGUAGE = "character_set_client collation_connection Database:Collation"
_EVENTS = (
    "Db Name Definer Time:zone Type Execute:at Interval:value Interval:field Starts Ends Status Originator"
)
_ROUTINES = f"Db Name Type Definer Modified Created Security_type Comment {_LANGUAGE}"
_PRIVILEGED = (
    (r"(?:master|binary\s+log)\s+status", "SUPER, REPLICATION CLIENT"),
    (r"(?:binary|master)\s+logs", "SUPER, REPLICATION CLIENT"),
    (r"(?:slave|replica)\s+status", "SUPER, REPLICATION CLIENT"),
    (r"slave\s+hosts|replicas|(?:binlog|relaylog)\s+events", "REPLICATION SLAVE"),
    (r"engine\s+\w+\s+(?:status|mutex|logs)", "PROCESS"),
)
_EMPTY: tuple[tuple[str, str], ...] = (
    (r"table\s+status", _STATUS),
    (r"open\s+tables", "Database Table In_use Name_locked"),
    (r"(?:full\s+)?triggers", f"Trigger Event Table Statement Timing Created sql_mode Definer {_LANGUAGE}"),
    (r"events", f"{_EVENTS} {_LANGUAGE}"),
    (r"(?:procedure|function)\s+status", _ROUTINES),
    (r"profiles", "Query_ID Duration Query"),
    (r"warnings|errors", "Level Code Message"),
)  # fmt: skip
_PLUGINS: Sequence[tuple[SqlValue, ...]] = (
    ("binlog", "ACTIVE", "STORAGE ENGINE", None, "GPL"),
    ("sha256_password", "ACTIVE", "AUTHENTICATION", None, "GPL"),
    ("caching_sha2_password", "ACTIVE", "AUTHENTICATION", None, "GPL"),
    ("InnoDB", "ACTIVE", "STORAGE ENGINE", None, "GPL"),
    ("MEMORY", "ACTIVE", "STORAGE ENGINE", None, "GPL"),
    ("MyISAM", "ACTIVE", "STORAGE ENGINE", None, "GPL"),
    ("PERFORMANCE_SCHEMA", "ACTIVE", "STORAGE ENGINE", None, "GPL"),
)
_SWITCHES = frozenset(
    "autocommit performance_schema read_only foreign_key_checks unique_checks log_bin sql_auto_is_null"
    " transaction_read_only".split()
)
"""Variables that SHOW writes as ON and OFF."""
_COUNTERS: Mapping[str, int] = {
    "Threads_connected": 2, "Threads_running": 2, "Slow_queries": 0, "Aborted_clients": 0, "Flush_commands": 3,
}  # fmt: skip


def answer(statement: str, session: SqlSession) -> SqlAnswer | None:
    """None of what the table of answers knows, or what names a table."""
    words = re.sub(r"^show\s+", "", statement, flags=re.I)
    words = re.sub(r"^(?:global|session|local)\s+(?=variables|status)", "", words, flags=re.I)
    for pattern, privilege in _PRIVILEGED:
        if re.match(rf"{pattern}\b", words, re.I):
            told = (
                f"Access denied; you need (at least one of) the {privilege} privilege(s) for this operation"
            )
            return SqlRefused("", "", said=mysql_refusals.error(1227, "42000", told))
    for pattern, columns in _EMPTY:
        if re.match(rf"{pattern}\b", words, re.I):
            return SqlRows(tuple(name.replace(":", " ") for name in columns.split()), ())
    sort = " ".join(words.lower().split()[:2])
    if sort.startswith(("databases", "schemas")):
        rows: list[tuple[SqlValue, ...]] = [(name,) for name in mysql_catalogue.databases(session)]
        return _liked(words, ("Database",), rows)
    if re.match(r"(?:full\s+|extended\s+)*tables\b", words, re.I):
        return _tables(words, session)
    if re.match(r"(?:full\s+)?processlist", words, re.I):
        row = mysql_catalogue.process(session, statement)
        return SqlRows(("Id", "User", "Host", "db", "Command", "Time", "State", "Info"), (row,))
    if sort.startswith("grants"):
        return _grants(words, session)
    if sort.startswith("create "):
        return _created(words, session)
    return _listed(words, session)


def _listed(words: str, session: SqlSession) -> SqlAnswer | None:
    """What is the same for everybody."""
    if re.match(r"engines|storage\s+engines", words, re.I):
        columns = ("Engine", "Support", "Comment", "Transactions", "XA", "Savepoints")
        return SqlRows(columns, tuple(mysql_catalogue.ENGINES))
    if re.match(r"plugins", words, re.I):
        return SqlRows(("Name", "Status", "Type", "Library", "License"), tuple(_PLUGINS))
    if re.match(r"(?:character\s+set|charset)\b", words, re.I):
        names = ("Charset", "Description", "Default collation", "Maxlen")
        return _liked(words, names, mysql_catalogue.CHARACTER_SETS, told=False)
    if re.match(r"collation\b", words, re.I):
        sorts = ("Collation", "Charset", "Id", "Default", "Compiled", "Sortlen", "Pad_attribute")
        return _liked(words, sorts, mysql_catalogue.COLLATIONS, told=False)
    if re.match(r"count\s*\(\s*\*\s*\)\s+(warnings|errors)", words, re.I):
        name = "warning" if "warnings" in words.lower() else "error"
        return SqlRows((f"@@session.{name}_count",), ((0,),))
    if re.match(r"variables\b", words, re.I):
        pairs = sorted((name[2:], value) for name, value in session.values.items() if name.startswith("@@"))
        told = [(name, _shown(name, value)) for name, value in pairs]
        return _liked(words, ("Variable_name", "Value"), told, told=False)
    if re.match(r"status\b", words, re.I):
        counted = [(name, str(value)) for name, value in sorted(_COUNTERS.items())]
        return _liked(words, ("Variable_name", "Value"), counted, told=False)
    return None


def _shown(name: str, value: SqlValue) -> SqlValue:
    if name in _SWITCHES:
        return "ON" if value == 1 else "OFF"
    return "" if value is None else str(value)


def _liked(
    words: str, columns: tuple[str, ...], rows: Sequence[tuple[SqlValue, ...]], *, told: bool = True
) -> SqlRows:
    """The rows whose first column fits what stands behind LIKE. ``told``: the column's name says that too."""
    like = _LIKE.search(f" {words}")
    found = like or _EQUAL.search(f" {words}")
    if found:
        pattern = found[1] if found[1] is not None else found[2]
        rows = [row for row in rows if is_like(str(row[0]), pattern)]
        if like and told:
            columns = (f"{columns[0]} ({pattern})", *columns[1:])
    return SqlRows(columns, tuple(rows))


def _tables(words: str, session: SqlSession) -> SqlAnswer | None:
    of = _OF.search(f" {words}")
    name = of[1].replace("`", "") if of else str(session.values.get("database()") or "")
    if not name:
        return SqlRefused("", "", said=mysql_refusals.error(1046, "3D000", "No database selected"))
    if name not in mysql_catalogue.databases(session):
        return SqlRefused("", "", said=mysql_refusals.error(1049, "42000", f"Unknown database '{name[:64]}'"))
    rows: list[tuple[SqlValue, ...]] = []
    if name == "information_schema":
        found = mysql_catalogue.table("tables", session, "")
        rows = [(row[2], "SYSTEM VIEW") for row in found.rows] if found else []
    columns: tuple[str, ...] = (f"Tables_in_{name}", "Table_type")
    if "full" not in words.lower().split()[:2]:
        columns, rows = columns[:1], [row[:1] for row in rows]
    return _liked(words, columns, rows)


def _grants(words: str, session: SqlSession) -> SqlAnswer:
    user = str(session.values.get("user()", "")).partition("@")[0]
    named = re.match(r"grants\s+for\s+(\S+)", words, re.I)
    if named and not re.match(rf"current_user\b|['\"`]?{re.escape(user)}['\"`]?(?:@|$)", named[1], re.I):
        who = f"'{user[:80]}'@'{str(session.values.get('user()', '')).partition('@')[2]}'"
        told = f"Access denied for user {who} to database 'mysql'"
        return SqlRefused("", "", said=mysql_refusals.error(1044, "42000", told))
    return SqlRows((f"Grants for {user}@%",), ((f"GRANT EXECUTE ON *.* TO `{user}`@`%`",),))


def _created(words: str, session: SqlSession) -> SqlAnswer | None:
    found = re.match(r"create\s+(\w+)\s*(?:if\s+not\s+exists\s+)?([\w$.`]*)", words, re.I)
    sort, name = (found[1].lower(), found[2].replace("`", "")) if found else ("", "")
    if sort in ("database", "schema"):
        if name not in mysql_catalogue.databases(session):
            return SqlRefused(
                "", "", said=mysql_refusals.error(1049, "42000", f"Unknown database '{name[:64]}'")
            )
        told = (
            f"CREATE DATABASE `{name}` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */"
        )
        return SqlRows(
            ("Database", "Create Database"), ((name, f"{told} /*!80016 DEFAULT ENCRYPTION='N' */"),)
        )
    if sort in ("procedure", "function"):
        told = f"{sort.upper()} {name[:64]} does not exist"
        return SqlRefused("", "", said=mysql_refusals.error(1305, "42000", told))
    return (
        SqlRefused(name, "SHOW CREATE" if sort == "table" else "SELECT")
        if sort in ("table", "view")
        else None
    )
