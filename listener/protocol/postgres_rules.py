"""Statements that PostgreSQL refuses a user who owns nothing, whatever else there is: which, and in what words.

Held beside release 15.20; lines of its source stand in its errors, and in these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from listener.protocol import postgres_messages
from listener.protocol.sql_answers import SqlRefused

NAME = r'(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?(?P<name>(?:"[^"]+"|[\w$])+(?:\.(?:"[^"]+"|[\w$])+)?)'
_OTHER, _THIRD = NAME.replace("name", "other"), NAME.replace("name", "third")
DENIED = ("aclchk.c", "3655", "aclcheck_error")
OWNER = ("aclchk.c", "3793", "aclcheck_error")
SORT = r"(?P<sort>materialized\s+view|foreign\s+table|table|index|sequence|view|schema|extension|type|domain)"
_ANYBODYS = "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone."


@dataclass(frozen=True, slots=True)
class _Rule:
    """A statement, and the error that it ends in. Its groups may stand in the text."""

    pattern: re.Pattern[str]
    code: str
    text: str
    where: tuple[str, str, str]
    hint: str = ""


def _rule(pattern: str, code: str, text: str, *where: str, hint: str = "") -> _Rule:
    return _Rule(re.compile(pattern, re.I | re.S), code, text, where, hint)  # type: ignore[arg-type]  # three of them


_RULES = (
    _rule(r"copy\b.*\b(?:to|from)\s+program\b", "42501",
        "must be superuser or have privileges of the pg_execute_server_program role"
        " to COPY to or from an external program",
        "copy.c", "85", "DoCopy", hint=_ANYBODYS),
    _rule(r"copy\b.*\bfrom\s+'", "42501",
        "must be superuser or have privileges of the pg_read_server_files role to COPY from a file",
        "copy.c", "94", "DoCopy", hint=_ANYBODYS),
    _rule(r"copy\b.*\bto\s+'", "42501",
        "must be superuser or have privileges of the pg_write_server_files role to COPY to a file",
        "copy.c", "101", "DoCopy", hint=_ANYBODYS),
    _rule(r"create\s+database\b", "42501", "permission denied to create database", "dbcommands.c", "938", "createdb"),
    _rule(r"create\s+(?:global\s+|local\s+)?temp(?:orary)?\s+(?!view)", "42501",
        'permission denied to create temporary tables in database "{database}"',
        "namespace.c", "4029", "InitTempTableNamespace"),
    _rule(r"create\s+(?:schema|publication)\b", "42501", "permission denied for database {database}", *DENIED),
    _rule(r"create\s+subscription\b", "42501", "must be superuser to create subscriptions",
        "subscriptioncmds.c", "571", "CreateSubscription"),
    _rule(rf"create\s+event\s+trigger\s+{NAME}", "42501", 'permission denied to create event trigger "{name}"',
        "event_trigger.c", "128", "CreateEventTrigger", hint="Must be superuser to create an event trigger."),
    _rule(rf"create\s+tablespace\s+{NAME}", "42501", 'permission denied to create tablespace "{name}"',
        "tablespace.c", "231", "CreateTableSpace", hint="Must be superuser to create a tablespace."),
    _rule(rf"create\s+foreign\s+data\s+wrapper\s+{NAME}", "42501",
        'permission denied to create foreign-data wrapper "{name}"', "foreigncmds.c", "589", "CreateForeignDataWrapper",
        hint="Must be superuser to create a foreign-data wrapper."),
    _rule(rf"create\s+server\b.*\bwrapper\s+{NAME}", "42704", 'foreign-data wrapper "{name}" does not exist',
        "foreign.c", "677", "get_foreign_data_wrapper_oid"),
    _rule(rf"(?:create|alter|drop)\s+(?:user\s+mapping\b.*\bserver|server)\s+{NAME}", "42704",
        'server "{name}" does not exist', "foreign.c", "699", "get_foreign_server_oid"),
    _rule(rf"create\s+(?:constraint\s+)?trigger\b.*?\son\s+{NAME}", "42501",
        "permission denied for table {name}", *DENIED),
    _rule(rf"create\s+(?:unique\s+)?(?:index|policy)\b.*?\son\s+{NAME}|create\s+(?:or\s+replace\s+)?rule\b.*?\sto\s+"
        rf"{_OTHER}|create\s+statistics\b.*?\sfrom\s+{_THIRD}",
        "42501", "must be owner of table {name}", *OWNER),
    _rule(r"alter\s+(?:role|user|group)\b.*\sreplication\b", "42501",
        "must be superuser to alter replication roles or change replication attribute", "user.c", "643", "AlterRole"),
    _rule(r"create\s+(?:role|user|group)\b.*\sreplication\b", "42501",
        "must be superuser to create replication users", "user.c", "261", "CreateRole"),
    _rule(r"create\s+(?:role|user|group)\b.*\ssuperuser\b", "42501",
        "must be superuser to create superusers", "user.c", "254", "CreateRole"),
    _rule(r"create\s+(?:role|user|group)\b", "42501", "permission denied to create role",
        "user.c", "275", "CreateRole"),
    _rule(r"drop\s+(?:role|user|group)\b", "42501", "permission denied to drop role", "user.c", "916", "DropRole"),
    _rule(r"alter\s+(?:role|user)\s+all\b", "42501", "must be superuser to alter settings globally",
        "user.c", "894", "AlterRoleSet"),
    _rule(r"alter\s+(?:role|user)\s+(?:postgres\b|.*\ssuperuser\b)", "42501",
        "must be superuser to alter superuser roles or change superuser attribute", "user.c", "636", "AlterRole"),
    _rule(r"grant\s+(?:postgres|\"postgres\")\s+to\b", "42501", "must be superuser to alter superusers",
        "user.c", "1398", "AddRoleMems"),
    _rule(r"revoke\s+(?:postgres|\"postgres\")\s+from\b", "42501", "must be superuser to alter superusers",
        "user.c", "1571", "DelRoleMems"),
    _rule(r"grant\s+(?P<name>pg_\w+)\s+to\b", "42501", 'must have admin option on role "{name}"',
        "user.c", "1406", "AddRoleMems"),
    _rule(rf"(?:grant|revoke)\s+{NAME}\s+(?:to|from)\b", "42704", 'role "{name}" does not exist',
        "acl.c", "5201", "get_role_oid"),
    _rule(rf"(?:grant|revoke)\s.*?\son\s+(?:table\s+)?(?!schema|database|all|function|sequence|type|language){NAME}",
        "42501", "permission denied for table {name}", *DENIED),
    _rule(rf"set\s+(?:session\s+|local\s+)?role\s+(?:to\s+)?(?!none\b)'?{NAME}", "42501",
        'permission denied to set role "{name}"', "guc.c", "12085", "call_string_check_hook"),
    _rule(rf"set\s+(?:session\s+|local\s+)?session\s+authorization\s+(?!default\b)'?{NAME}", "42501",
        'permission denied to set session authorization "{name}"', "guc.c", "12085", "call_string_check_hook"),
    _rule(rf"alter\s+system\s+(?:re)?set\s+{NAME}", "42501", 'permission denied to set parameter "{name}"',
        "guc.c", "9004", "AlterSystemSetConfigFile"),
    _rule(r"(?:drop|reassign)\s+owned\s+by\s+(?!current_user|session_user).*", "42501",
        "permission denied to {verb} objects",
        "user.c", "1297", "DropOwnedObjects"),
    _rule(rf"cluster\s+(?:verbose\s+)?{NAME}|reindex\s+(?:\(.*\)\s*)?table\s+(?:concurrently\s+)?"
        rf"{_OTHER}|comment\s+on\s+(?:table|column)\s+{_THIRD}",
        "42501", "must be owner of table {name}", *OWNER),
    _rule(rf"reindex\s+(?:\(.*\)\s*)?(?P<sort>index|schema)\s+(?:concurrently\s+)?{NAME}", "42501",
        "must be owner of {sort} {name}", *OWNER),
    _rule(rf"refresh\s+materialized\s+view\s+(?:concurrently\s+)?{NAME}", "42501",
        "must be owner of materialized view {name}", *OWNER),
    _rule(rf"comment\s+on\s+{SORT}\s+{NAME}", "42501", "must be owner of {sort} {name}", *OWNER),
    _rule(r"security\s+label\b", "22023", "no security label providers have been loaded", "seclabel.c", "129",
        "ExecSecLabelStmt"),
    _rule(r"checkpoint\b", "42501", "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT",
        "utility.c", "951", "standard_ProcessUtility"),
    _rule(r"load\s+'(?P<name>[^']*)'", "42501", 'access to library "{name}" is not allowed', "dfmgr.c", "517",
        "check_restricted_library_name"),
    _rule(r"(?:commit|rollback)\s+prepared\s+'(?P<name>[^']*)'", "42704",
        'prepared transaction with identifier "{name}" does not exist', "twophase.c", "632", "LockGXact"),
    _rule(r"create\s+(?:or\s+replace\s+)?(?:view|materialized\s+view|function|procedure|aggregate|operator|sequence|type"
        r"|domain|collation|text\s+search|table\b(?!.*\sas\b.*\sfrom\b))", "42501",
        "permission denied for schema public", *DENIED),
)  # fmt: skip


def refused(statement: str, database: str) -> SqlRefused | None:
    """By the first rule that fits."""
    for rule in _RULES:
        if match := rule.pattern.match(statement):
            return _worded(rule, match, statement.partition(" ")[0], database)
    return None


def _worded(rule: _Rule, match: re.Match[str], verb: str, database: str) -> SqlRefused:
    groups = {name: value for name, value in match.groupdict().items() if value}
    named = groups.get("name") or groups.get("other") or groups.get("third") or ""
    words = {
        "name": plain(named).rpartition(".")[2]
        if "{name}" in rule.text and '"' not in rule.text
        else plain(named),
        "sort": " ".join(groups.get("sort", "").lower().split()),
        "database": database,
        "verb": verb.lower(),
    }
    return error(rule.code, rule.text.format(**words), *rule.where, rule.hint)


def error(
    code: str,
    text: str,
    file: str,
    line: str,
    routine: str,
    hint: str = "",
    position: int = 0,
    *,
    detail: str = "",
    verb: str = "",
) -> SqlRefused:
    said = postgres_messages.error(
        code, text, file, line, routine, hint=hint, detail=detail, position=position
    )
    return SqlRefused("", verb, said=said)


def plain(name: str) -> str:
    """As the server writes it: in small letters, where it is not in quotes."""
    return name.replace('"', "") if '"' in name else name.lower()
