"""What MySQL says of statements that are no queries to a user who may call procedures and nothing else.

Numbers and words as its error reference has them; held beside a real MariaDB where the two say the same.
"""

from __future__ import annotations

import re

from listener.protocol import mysql_refusals, sql_syntax
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused
from listener.protocol.sql_syntax import SqlGrammar

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
    (re.compile(r"(?:flush\s+(?:privileges|logs|hosts|status)|reset\s+(?:master|slave))\b", re.I), "RELOAD"),
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
    (re.compile(rf"select\b.*?\bfrom\s+(?=mysql\.){_NAME}", re.I), "SELECT"),
)
_DATABASE = re.compile(rf"(?:create|drop|alter)\s+(?:database|schema)\s+{_NAME}", re.I)
_ROUTINE = re.compile(rf"(?:drop|alter)\s+(?:procedure|function)\s+{_NAME}", re.I)
_CALL = re.compile(rf"call\s+{_NAME}", re.I)
_EXECUTE = re.compile(rf"(?P<verb>execute|(?:deallocate|drop)\s+prepare)\s+{_NAME}", re.I)
_KILL = re.compile(r"kill\s+(?:(?:query|connection)\s+)?(?P<number>\d{1,18})$", re.I)
_DONE = re.compile(r"unlock\s+tables?$|do\s+(?:\d+|sleep\s*\(.*\))$", re.I)


def unreadable(text: str) -> bytes:
    """Error 1064 of a batch that could not be read; empty where it could, or where that is not plain."""
    fault = (
        None if set("#\\") & set(text) else sql_syntax.fault(text, GRAMMAR)
    )  # comments, and escapes of any quotes
    if fault is None:
        return b""
    near, line = text[fault.at :][:_LONGEST_NEAR], text.count("\n", 0, fault.at) + 1
    said = "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for"
    return mysql_refusals.error(1064, "42000", f"{said} the right syntax to use near '{near}' at line {line}")


def answer(statement: str, user: str, host: str, database: str) -> SqlAnswer | None:
    """What is said of a statement; None of one that the table of answers knows."""
    statement = re.sub(r"\s+", " ", statement)  # a run of spaces is what costs a pattern most
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
            return SqlRefused(_plain(found["name"]), verb)
    if found := _DATABASE.match(statement):
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


def _plain(name: str) -> str:
    return name.replace("`", "")[:64]


def _within(name: str, database: str) -> str:
    """With the database that it is in."""
    name = _plain(name)
    return name if "." in name or not database else f"{database[:64]}.{name}"
