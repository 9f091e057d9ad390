"""What PostgreSQL says of statements that are no queries to a user who owns nothing and may connect.

Each was held beside a real server of release 15.20.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from listener.protocol import (
    postgres_cursors,
    postgres_messages,
    postgres_queries,
    postgres_rules,
    postgres_settings,
)
from listener.protocol.postgres_rules import DENIED, NAME, OWNER, SORT, error, plain
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows

_TRUSTED = frozenset(
    "btree_gin btree_gist citext cube dict_int fuzzystrmatch hstore intarray isn lo ltree pg_trgm pgcrypto seg"
    " tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp".split()
)
_UNTRUSTED = frozenset(
    "adminpack amcheck autoinc bloom dblink dict_xsyn earthdistance file_fdw insert_username intagg moddatetime"
    " old_snapshot pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery pg_visibility"
    " pg_walinspect pgrowlocks pgstattuple postgres_fdw refint sslinfo xml2".split()
)
"""Extensions of the package postgresql-15."""
_NO_SUCH: dict[str, tuple[str, str, str, str]] = {
    "schema": ("3F000", "namespace.c", "3099", "get_namespace_oid"),
    "extension": ("42704", "extension.c", "197", "get_extension_oid"),
    "type": ("42704", "objectaddress.c", "1636", "get_object_address_type"),
    "server": ("42704", "foreign.c", "699", "get_foreign_server_oid"),
}


_ROUTINE = re.compile(
    r"(?P<verb>drop|alter)\s+(?P<sort>function|procedure|aggregate|routine)\s+(?P<if>if\s+exists\s+)?(?P<name>[\w.\"]+)"
    r"\s*\((?P<types>[^)]*)\)",
    re.I,
)
_CALL = re.compile(r"call\s+(?P<name>[\w.\"]+)\s*\((?P<types>.*)\)$", re.I | re.S)
_OBJECT = re.compile(
    rf"(?P<verb>drop|alter)\s+{SORT}\s+(?:concurrently\s+)?(?P<if>if\s+exists\s+)?(?P<name>[\w$.\"]+)", re.I
)
_DATABASE = re.compile(
    r"(?P<verb>drop|alter|reindex|comment\s+on)\s+(?:\(.*?\)\s*)?(?:database|(?<=x\s)system|(?<=\)\s)system)\s+(?P<if>if\s+exists\s+)?(?P<name>[\w$\"]+)",
    re.I,
)
_GRANTED = re.compile(
    r"(?P<verb>grant|revoke)\s.*?\son\s+(?:schema|database)\s+(?P<name>[\w$\"]+)", re.I | re.S
)
_EXTENSION = re.compile(
    r"create\s+(?:extension|language)\s+(?P<if>if\s+not\s+exists\s+)?(?P<name>[\w\"-]+)", re.I
)
_ROLE = re.compile(r"alter\s+(?:role|user)\s+(?P<name>[\w$\"]+)\s+(?P<rest>.*)", re.I | re.S)
_CLEANED = re.compile(
    r"(?P<verb>vacuum|analyze)\b(?:\s*\([^)]*\)|\s+(?:full|freeze|verbose|analyze))*(?:\s+(?P<name>[\w$.\"]+))?",
    re.I,
)
_COPIED = re.compile(r"copy\s*\((?P<query>.*)\)\s*to\s+stdout", re.I | re.S)
_SHOW = re.compile(r"show\s+(?P<name>[\w.\"]+)$", re.I)
_DONE = {
    "discard all": "DISCARD ALL",
    "deallocate all": "DEALLOCATE ALL",
    "close all": "CLOSE CURSOR ALL",
    "cluster": "CLUSTER",
}
_BARRED = re.compile(
    r"create\s+database|drop\s+database|create\s+tablespace|drop\s+tablespace|alter\s+system|vacuum|reindex\s+(?:database|system|schema)",
    re.I,
)
_NEEDS_BLOCK = {
    "savepoint": "SAVEPOINT",
    "release": "RELEASE SAVEPOINT",
    "rollback to": "ROLLBACK TO SAVEPOINT",
    "declare": "DECLARE CURSOR",
    "lock": "LOCK TABLE",
}
_CREATED_AS = re.compile(
    r"create\s+(?:unlogged\s+)?table\b[^()]*?\sas\s+(?P<query>(?:select|with|values|table)\b.*)", re.I | re.S
)
_INTO = re.compile(r"(?P<begin>select\b.*?)\s+into\s+(?:table\s+)?[\w.\"]+(?P<rest>\s+from\b.*)", re.I | re.S)
_EXPLAINED = re.compile(r"explain(?:\s*\([^)]*\)|\s+(?:analyze|verbose))*\s+(?P<query>.*)", re.I | re.S)
_OPTIONS = re.compile(
    r"explain\s*\((?!\s*(?:select|with|values|table)\b)(?:\s*(?:analyze|verbose|costs|buffers|wal|settings|summary"
    r"|timing|format)\b[^,)]*,)*\s*(\w+)",
    re.I,
)
_EXPLAIN_OPTIONS = frozenset("analyze verbose costs buffers wal settings summary timing format".split())
_INSERT = re.compile(rf"insert\s+into\s+{NAME}", re.I)
_LOCK = re.compile(rf"lock\s+(?:table\s+)?{NAME}", re.I)
_HIDDEN = re.compile(
    r"select\b.*?\bfrom\s+(?:pg_catalog\.)?(?:(?P<table>pg_authid|pg_user_mapping|pg_statistic(?:_ext_data)?|pg_largeobject"
    r"|pg_replication_origin)|(?P<view>pg_shadow|pg_hba_file_rules|pg_ident_file_mappings|pg_file_settings"
    r"|pg_backend_memory_contexts|pg_shmem_allocations|pg_replication_origin_status|pg_config))\b",
    re.I | re.S,
)
_PLAN = SqlRows(("QUERY PLAN",), (("Result  (cost=0.00..0.01 rows=1 width=4)",),), "EXPLAIN")


def answer(statement: str, user: str, database: str, ask: Callable[[str], SqlAnswer]) -> SqlAnswer | None:
    """What is said of a statement that is no query of a table; None of one. ``ask``: answers another statement."""
    statement = re.sub(r"\s+", " ", statement)  # a run of spaces is what costs a pattern most
    lowered = statement.lower()
    if made := postgres_queries.answer(statement, ask):
        return made
    if lowered in _DONE:
        return SqlDone(_DONE[lowered])
    lowered = re.sub(r"^rollback (?:work|transaction) to\b", "rollback to", lowered)
    for words, called in _NEEDS_BLOCK.items():
        if lowered.startswith(words):
            return _only_inside(statement, words, called, ask)
    found = _nested(statement, ask) or _named(statement, user, database)
    if found is None:
        found = postgres_rules.refused(statement, database)
    barred = _BARRED.match(statement)
    if barred and isinstance(found, SqlRefused | SqlDone):
        called = " ".join(barred[0].upper().split())
        return replace(found, only_outside=called)
    return found


def _only_inside(
    statement: str, words: str, called: str, ask: Callable[[str], SqlAnswer]
) -> SqlAnswer | None:
    if words == "lock":
        found = _LOCK.match(statement)
        return SqlRefused(plain(found["name"]) if found else "", "LOCK", only_inside=called)
    if words == "declare":
        return postgres_cursors.declared(statement, called, ask)
    return SqlDone(words.upper(), only_inside=called)


def _nested(statement: str, ask: Callable[[str], SqlAnswer]) -> SqlAnswer | None:
    """A statement that is about another one."""
    if copied := _COPIED.match(statement):
        found = ask(copied["query"].strip())
        return replace(found, verb="COPY") if isinstance(found, SqlRows) else found
    if created := _CREATED_AS.match(statement):
        found = ask(created["query"])
        return found if isinstance(found, SqlRefused) else SqlRefused("", "CREATE")
    if into := _INTO.match(statement):
        return ask(into["begin"] + into["rest"])
    if (options := _OPTIONS.match(statement)) and options[1].lower() not in _EXPLAIN_OPTIONS:
        text = f'unrecognized EXPLAIN option "{plain(options[1])}"'
        return error("42601", text, "explain.c", "223", "ExplainQuery", position=options.start(1) + 1)
    if explained := _EXPLAINED.match(statement):
        found = ask(explained["query"])
        return found if isinstance(found, SqlRefused) else _PLAN
    if inserted := _INSERT.match(statement):
        return SqlRefused(plain(inserted["name"]), "INSERT")
    return None


def _named(statement: str, user: str, database: str) -> SqlAnswer | None:
    """What hangs on the name of the thing that a statement is about."""
    if hidden := _HIDDEN.match(statement):
        sort = "table" if hidden["table"] else "view"
        return error("42501", f"permission denied for {sort} {hidden[sort].lower()}", *DENIED, verb="SHOW")
    if shown := _SHOW.match(statement):
        said = postgres_settings.shown(shown["name"])
        if isinstance(said, str):
            return SqlRows((shown["name"].strip('"').lower(),), ((said,),), "SHOW")
        return error(*said, verb="SHOW")
    if re.fullmatch(rf"set (?:session |local )?role (?:to )?'?\"?{re.escape(user)}\"?'?", statement, re.I):
        return SqlDone("SET")
    if (refused := postgres_settings.refusal(statement)) is not None:
        return error(*refused, verb="SET")
    if found := _DATABASE.match(statement):
        return _of_database(found, database)
    if found := _GRANTED.match(statement):
        notice = postgres_messages.warning(
            "01007",
            f'no privileges were granted for "{plain(found["name"])}"',
            "aclchk.c",
            "311",
            "restrict_and_check_grant",
        )
        return SqlDone(found["verb"].upper(), notice)
    if found := _CLEANED.match(statement):
        return _cleaned(found)
    if found := _EXTENSION.match(statement):
        return _of_extension(found)
    if found := _ROLE.match(statement):
        return _of_role(found, user)
    if found := _ROUTINE.match(statement):
        called = f"{found['sort'].lower().replace('routine', 'function')} {found['name']}({found['types']})"
        return _missing(found, called, "42883", "parse_func.c", "2499", "LookupFuncWithArgs")
    if found := _CALL.match(statement):
        text = f"procedure {found['name']}({_types(found['types'])}) does not exist"
        hint = "No procedure matches the given name and argument types. You might need to add explicit type casts."
        return error("42883", text, "parse_func.c", "620", "ParseFuncOrColumn", hint, found.start("name") + 1)
    if found := _OBJECT.match(statement):
        return _of_object(found)
    if re.match(r"do\b(?!.*\bfrom\s)", statement, re.I | re.S):
        return SqlDone("DO")
    if re.match(
        rf"(?:drop|reassign)\s+owned\s+by\s+\"?(?:{re.escape(user)}|current_user|session_user)\"?\s*$",
        statement,
        re.I,
    ):
        return SqlDone("DROP OWNED")
    return SqlDone("ALTER DEFAULT PRIVILEGES") if re.match(r"alter\s+default\s", statement, re.I) else None


def _of_database(found: re.Match[str], database: str) -> SqlAnswer:
    name, verb = plain(found["name"]), found["verb"].upper().partition(" ")[0]
    if verb == "REINDEX" and name != database:
        return error(
            "0A000",
            "can only reindex the currently open database",
            "indexcmds.c",
            "2974",
            "ReindexMultipleTables",
        )
    if name in (database, "postgres", "template0", "template1"):
        return error("42501", f"must be owner of database {name}", *OWNER)
    text = f'database "{name}" does not exist'
    if found["if"]:
        return SqlDone(
            "DROP DATABASE",
            postgres_messages.notice("00000", f"{text}, skipping", "dbcommands.c", "1556", "dropdb"),
        )
    where = ("1548", "dropdb") if verb == "DROP" else ("3031", "get_database_oid")
    return error("3D000", text, "dbcommands.c", *where)


def _cleaned(found: re.Match[str]) -> SqlAnswer:
    verb = found["verb"].upper()
    if not found["name"]:
        return SqlDone(verb)
    text = f'skipping "{plain(found["name"])}" --- only table or database owner can {verb.lower()} it'
    line = "598" if verb == "VACUUM" else "611"
    return SqlDone(
        verb, postgres_messages.warning("01000", text, "vacuum.c", line, "vacuum_is_relation_owner")
    )


def _of_extension(found: re.Match[str]) -> SqlAnswer:
    name = plain(found["name"])
    if name == "plpgsql":
        text = 'extension "plpgsql" already exists'
        if found["if"]:
            said = postgres_messages.notice(
                "42710", f"{text}, skipping", "extension.c", "2099", "CreateExtension"
            )
            return SqlDone("CREATE EXTENSION", said)
        return error("42710", text, "extension.c", "2106", "CreateExtension")
    if name in _TRUSTED | _UNTRUSTED:
        hint = "Must have CREATE privilege on current database to create this extension."
        hint = hint if name in _TRUSTED else "Must be superuser to create this extension."
        text = f'permission denied to create extension "{name}"'
        return error("42501", text, "extension.c", "1142", "execute_extension_script", hint)
    text = f'extension "{name}" is not available'
    hint = "The extension must first be installed on the system where PostgreSQL is running."
    path = f'"/usr/share/postgresql/15/extension/{name}.control"'
    detail = f"Could not open extension control file {path}: No such file or directory."
    return error("0A000", text, "extension.c", "671", "parse_extension_control_file", hint, detail=detail)


def _of_role(found: re.Match[str], user: str) -> SqlAnswer | None:
    name, rest = plain(found["name"]), found["rest"]
    if name in ("postgres", "all") or re.search(r"\bsuperuser\b", rest, re.I):
        return None
    if name in ("current_user", "session_user", user):
        if re.match(r"(?:with\s+)?(?:encrypted\s+)?password\b|(?:re)?set\b", rest, re.I):
            return SqlDone("ALTER ROLE")
        if re.match(r"rename\b", rest, re.I):
            return error("0A000", "session user cannot be renamed", "user.c", "1124", "RenameRole")
        return error("42501", "permission denied", "user.c", "659", "AlterRole")
    return error("42704", f'role "{name}" does not exist', "acl.c", "5277", "get_rolespec_tuple")


def _of_object(found: re.Match[str]) -> SqlAnswer | None:
    sort, name = " ".join(found["sort"].lower().split()), plain(found["name"])
    if sort == "table":
        return None
    if sort in _NO_SUCH and name not in ("public", "pg_catalog", "information_schema", "plpgsql"):
        return _missing(found, f'{sort} "{name}"', *_NO_SUCH[sort])
    return error("42501", f"must be owner of {sort} {name.rpartition('.')[2]}", *OWNER)


def _missing(found: re.Match[str], what: str, code: str, file: str, line: str, routine: str) -> SqlAnswer:
    if found["if"]:
        skipped = "492" if code == "42883" else "490"
        said = postgres_messages.notice(
            "00000", f"{what} does not exist, skipping", "dropcmds.c", skipped, "does_not_exist_skipping"
        )
        return SqlDone(f"DROP {' '.join(found['sort'].upper().split())}", said)
    return error(code, f"{what} does not exist", file, line, routine)


def _types(arguments: str) -> str:
    """Of constants, as an error names them."""
    items = [item.strip() for item in arguments.split(",") if item.strip()]
    return ", ".join("integer" if item.lstrip("-").isdigit() else "unknown" for item in items)
