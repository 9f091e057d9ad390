"""What MySQL says of statements that are no queries to a user who may call procedures and nothing else.

Numbers and words as its error reference has them; held beside a real MariaDB where the two say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping

from listener.protocol import (
    mysql_catalogue,
    mysql_refusals,
    mysql_selects,
    mysql_sessions,
    mysql_settings,
    mysql_shows,
    sql_syntax,
)
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows, SqlSession
from listener.protocol.sql_syntax import SqlGrammar
from listener.protocol.sql_values import SqlValue

_NAME = r"(?:if\s+(?:not\s+)?exists\s+)?(?P<name>(?:`[^`]+`|[\w$])+(?:\.(?:`[^`]+`|[\w$])+)?)"
_FIRST = (
    "alter analyze begin binlog call change check checksum commit create deallocate delete desc describe do drop"
    " execute explain flush get grant handler help import insert install kill load lock optimize prepare purge release"
    " rename repair replace reset resignal restart revoke rollback savepoint select set show shutdown signal start stop"
    " table truncate uninstall unlock update use values with xa"
)
GRAMMAR = SqlGrammar(
    dict.fromkeys(_FIRST.split(), frozenset()),
    frozenset(("begin", "commit", "restart", "rollback", "shutdown")),
)
_LONGEST_NEAR = 80
"""Characters of what is told of a statement that could not be read."""
_PRIVILEGES = (
    (re.compile(r"(?:create|drop|alter|rename)\s+user\b", re.I), "CREATE USER"),
    (re.compile(r"create\s+role\b", re.I), "CREATE ROLE"),
    (re.compile(r"drop\s+role\b", re.I), "DROP ROLE"),
    (re.compile(r"flush\s+tables?\b", re.I), "RELOAD or FLUSH_TABLES"),
    (re.compile(r"(?:flush\s+(?:privileges|logs|hosts|status)|reset\s+(?:master|slave))\b", re.I), "RELOAD"),
    (
        re.compile(r"(?:start|stop)\s+(?:slave|replica|group_replication)\b", re.I),
        "SUPER or REPLICATION_SLAVE_ADMIN",
    ),
    (re.compile(r"change\s+(?:master|replication)\b", re.I), "SUPER or REPLICATION_SLAVE_ADMIN"),
    (re.compile(r"purge\s+(?:binary|master)\s+logs\b", re.I), "SUPER or BINLOG_ADMIN"),
    (re.compile(r"shutdown\b", re.I), "SHUTDOWN"),
    (re.compile(r"set\s+(?:global\s|@@global\.)", re.I), "SUPER or SYSTEM_VARIABLES_ADMIN"),
)
_TABLES = (
    (
        re.compile(
            rf"insert\s+(?:low_priority\s+|delayed\s+|high_priority\s+|ignore\s+)*(?:into\s+)?{_NAME}", re.I
        ),
        "INSERT",
    ),
    (re.compile(rf"replace\s+(?:low_priority\s+|delayed\s+)*(?:into\s+)?{_NAME}", re.I), "INSERT, DELETE"),
    (re.compile(rf"create\s+table\s+{_NAME}", re.I), "CREATE"),
    (re.compile(rf"create\s+(?:or\s+replace\s+)?view\s+{_NAME}", re.I), "CREATE VIEW"),
    (re.compile(rf"(?:create\s+(?:unique\s+)?|drop\s+)index\s.*?\son\s+{_NAME}", re.I), "INDEX"),
    (re.compile(rf"create\s+trigger\s.*?\son\s+{_NAME}", re.I), "TRIGGER"),
    (re.compile(rf"alter\s+table\s+{_NAME}\s+rename\b", re.I), "DROP, ALTER"),
    (re.compile(rf"rename\s+table\s+{_NAME}", re.I), "DROP, ALTER"),
    (re.compile(rf"drop\s+view\s+{_NAME}", re.I), "DROP"),
    (re.compile(rf"handler\s+{_NAME}\s+open", re.I), "SELECT"),
    (re.compile(rf"grant\s[^;*]*?\son\s+(?!\S*\*){_NAME}", re.I), "SELECT, GRANT"),
    (re.compile(r"install\s+(?P<name>plugin)\s", re.I), "INSERT"),
    (re.compile(r"uninstall\s+(?P<name>plugin)\s", re.I), "DELETE"),
    (re.compile(rf"select\b.*?\bfrom\s+(?=mysql\.){_NAME}", re.I), "SELECT"),
)
_TEMPORARY = re.compile(rf"drop\s+temporary\s+table\s+(?P<if>if\s+exists\s+)?{_NAME}", re.I)
_DATABASE = re.compile(rf"(?:create|drop|alter)\s+(?:database|schema)\s+{_NAME}", re.I)
_ROUTINE = re.compile(rf"(?:drop|alter)\s+(?:procedure|function)\s+{_NAME}", re.I)
_CALL = re.compile(rf"call\s+{_NAME}", re.I)
_EXECUTE = re.compile(rf"(?P<verb>execute|(?:deallocate|drop)\s+prepare)\s+{_NAME}", re.I)
_KILL = re.compile(r"kill\s+(?:(?:query|connection)\s+)?(?P<number>\d{1,18})$", re.I)
_DONE = re.compile(
    r"unlock\s+tables?$|do\s+(?:\d+|sleep\s*\(.*\))$|xa\s+(?:start|begin|end)\s|get\s+(?:\w+\s+)?diagnostics\s",
    re.I,
)
_PLAIN = re.compile(r"drop\s+trigger\b|load\s+data\s+(?:\w+\s+)?local\b", re.I)
_SAID = {
    "drop": (1360, "HY000", "Trigger does not exist"),
    "load": (
        3948,
        "42000",
        "Loading local data is disabled; this must be enabled on both the client and server sides",
    ),
}
"""What is said of them by their first word."""
_EVERYTHING = re.compile(r"(?:grant|revoke)\s.*?\son\s+\*\.\*|load\s+(?:data|xml)\s", re.I)
_OWN_FUNCTION = re.compile(r"create\s+(?:aggregate\s+)?function\s+\S+\s+returns\s+\w+\s+soname\b", re.I)
_SIGNAL = re.compile(
    r"signal\s+sqlstate\s+(?:value\s+)?'(\w{5})'(?:\s+set\s+message_text\s*=\s*'([^']{0,128})')?", re.I
)
_INTO = re.compile(r"(.*\S)\s+into\s+(@[\w$]+(?:\s*,\s*@[\w$]+)*)$", re.I | re.S)
_USE = re.compile(r"use\s+(`[^`]+`|[\w$-]+)$", re.I)
_HELP = SqlRows(("source_category_name", "name", "is_it_category"), ())
_EXPLAINED = SqlRows(
    (
        "id", "select_type", "table", "partitions", "type", "possible_keys", "key", "key_len", "ref", "rows",
        "filtered", "Extra",
    ),
    ((1, "SIMPLE", *[None] * 9, "No tables used"),),
)  # fmt: skip
_MOST_KEPT, _LONGEST_KEPT = 256, 4096
_LONGEST_LOOKED_AT = 4096
_ARROW = re.compile(
    r"(?P<arrow>(?:'(?:[^'\\]|''|\\.)*'|\)|\b\d+)\s*)(?=->)|'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`",
    re.S,
)
_UNUSUAL = re.compile(
    r"(?:values\s*(?=\()|insert\s+(?:into\s+)?\w+$|delete\s+\w+$|(?=\\)|begin\s+(?!work\b)(?=\w)|show\s+(?=\w+$)(?!"
    r"(?:binlog|charset|collation|databases|engines|errors|events|grants|plugins|privileges|processlist|profiles|replicas"
    r"|schemas|status|tables|triggers|variables|warnings|authors|contributors)\b)|select\s+(?=\?))",
    re.I,
)
"""What no statement goes on with: places that the first and the last words decide."""


def unreadable(text: str, *, bound: bool = False) -> bytes:
    """Error 1064 of a batch that could not be read; empty where it could, or where that is not plain. ``bound``: values
    may be."""
    fault = (
        None if set("#\\") & set(text) else sql_syntax.fault(text, GRAMMAR)
    )  # comments, and escapes of any quotes
    found = _UNUSUAL.match(text.strip()) or _arrow(text.strip())
    if fault is None and (found is None or bound):
        return b""
    at = fault.at if fault else text.index(text.strip()) + (found.end() if found else 0)
    near, line = text[at:][:_LONGEST_NEAR], text.count("\n", 0, at) + 1
    said = "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for"
    return mysql_refusals.error(1064, "42000", f"{said} the right syntax to use near '{near}' at line {line}")


def _arrow(text: str) -> re.Match[str] | None:
    """Where ``->`` stands behind what is no column: it takes nothing else."""
    if "->" not in text or len(text) > _LONGEST_LOOKED_AT:
        return None
    return next((found for found in _ARROW.finditer(text) if found["arrow"]), None)


def answer(
    statement: str,
    user: str,
    host: str,
    database: str,
    session: SqlSession,
    kept: MutableMapping[str, SqlValue],
    ask: Callable[[str], SqlAnswer],
) -> SqlAnswer | None:
    """What is said of a statement; None of one that the table of answers knows.

    ``kept``: the connection's variables; ``ask``: what is said of another statement.
    """
    verb = statement.split(None, 1)[0].upper() if statement.split() else ""
    if verb in ("SELECT", "WITH") or verb.startswith("("):
        into = _INTO.match(statement)
        told = mysql_selects.answer(into[1] if into else statement, session)
        return _assigned(told, into[2], kept) if into and isinstance(told, SqlRows) else told
    if verb == "SET":
        return mysql_settings.answer(statement, session, kept)
    statement = re.sub(r"\s+", " ", statement)  # a run of spaces is what costs a pattern most
    if made := mysql_sessions.answer(statement, session, kept, ask):
        return made
    if verb == "USE" and (found := _USE.match(statement)):
        known = mysql_catalogue.used(found[1], session, kept)
        return (
            SqlDone("USE") if known else SqlRefused("", "", said=mysql_refusals.no_database(_plain(found[1])))
        )
    if verb == "HELP":
        return _HELP
    if verb in ("EXPLAIN", "DESCRIBE", "DESC") and re.match(
        r"\w+ (?:format ?= ?\w+ )?select\b", statement, re.I
    ):
        told = ask(re.sub(r"^\w+ (?:format ?= ?\w+ )?", "", statement, flags=re.I))
        return _EXPLAINED if isinstance(told, SqlRows) else told
    if verb == "SHOW":
        return mysql_shows.answer(statement, session)
    who, error = f"'{user[:80]}'@'{host}'", mysql_refusals.error
    said = b""
    for pattern, privilege in _PRIVILEGES:
        if pattern.match(statement):
            text = (
                f"Access denied; you need (at least one of) the {privilege} privilege(s) for this operation"
            )
            return SqlRefused("", "", said=error(1227, "42000", text))
    for pattern, verb in _TABLES:
        if found := pattern.match(statement):
            name = _plain(found["name"])
            return SqlRefused("plugin" if name == "PLUGIN" else name, verb)
    if found := _PLAIN.match(statement):
        said = error(*_SAID[found[0].lower().split()[0]])
    elif _EVERYTHING.match(statement):
        said = error(1045, "28000", f"Access denied for user {who} (using password: YES)")
    elif _OWN_FUNCTION.match(statement):
        said = error(1044, "42000", f"Access denied for user {who} to database 'mysql'")
    elif found := re.match(r"revoke\s.*?\son\s+`?(\w+)`?\.\*", statement, re.I):
        said = error(1044, "42000", f"Access denied for user {who} to database '{_plain(found[1])}'")
    elif found := _SIGNAL.match(statement):
        said = error(1644, found[1], found[2] or "Unhandled user-defined exception condition")
    elif re.match(r"create temporary table\b", statement, re.I):
        said = (
            error(1044, "42000", f"Access denied for user {who} to database '{database[:64]}'")
            if database
            else error(1046, "3D000", "No database selected")
        )
    elif found := _TEMPORARY.match(statement):
        if found["if"]:
            return SqlDone("DROP")
        said = error(1051, "42S02", f"Unknown table '{_within(found['name'], database)}'")
    elif found := _DATABASE.match(statement):
        said = error(1044, "42000", f"Access denied for user {who} to database '{_plain(found['name'])}'")
    elif found := _ROUTINE.match(statement):
        text = f"alter routine command denied to user {who} for routine '{_within(found['name'], database)}'"
        said = error(1370, "42000", text)
    elif found := _CALL.match(statement):
        said = error(1305, "42000", f"PROCEDURE {_within(found['name'], database)} does not exist")
    elif found := _EXECUTE.match(statement):
        verb = found["verb"].upper().replace("DROP", "DEALLOCATE")
        text = f"Unknown prepared statement handler ({_plain(found['name'])}) given to {verb}"
        said = error(1243, "HY000", text)
    elif found := _KILL.match(statement):
        said = error(1094, "HY000", f"Unknown thread id: {int(found['number'])}")
    if said:
        return SqlRefused("", "", said=said)
    return SqlDone("DO") if _DONE.match(statement) else None


def _assigned(found: SqlRows, names: str, kept: MutableMapping[str, SqlValue]) -> SqlAnswer:
    """Variables of the user that take the one row of a result."""
    for name, value in zip(names.lower().split(","), found.rows[0] if found.rows else (), strict=False):
        if len(kept) < _MOST_KEPT:
            kept[name.strip()] = value[:_LONGEST_KEPT] if isinstance(value, str) else value
    return SqlDone("SELECT")


def _plain(name: str) -> str:
    return name.replace("`", "")[:64]


def _within(name: str, database: str) -> str:
    """With the database that it is in."""
    name = _plain(name)
    return name if "." in name or not database else f"{database[:64]}.{name}"
