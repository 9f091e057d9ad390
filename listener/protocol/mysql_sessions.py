"""What a session of MySQL makes by statements and uses by name: prepared statements and savepoints.

Both are kept among the variables of the connection, under names that no statement can write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from dataclasses import replace

from listener.protocol import mysql_refusals, sql_answers
from listener.protocol.mysql_expressions import evaluated
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlSession
from listener.protocol.sql_expressions import SqlUnknownError
from listener.protocol.sql_values import SqlBound, SqlParameter, SqlValue

_NAME = r"(?P<name>`[^`]+`|[\w$]+)"
_PREPARE = re.compile(rf"prepare {_NAME} from (?P<text>.+)$", re.I | re.S)
_EXECUTE = re.compile(rf"execute {_NAME}(?: using (?P<values>@[\w$.]+(?: ?, ?@[\w$.]+)*))?$", re.I)
_DROP = re.compile(rf"(?:deallocate|drop) prepare {_NAME}$", re.I)
_NOT_PREPARED = re.compile(r"\s*(?:prepare|execute|deallocate|drop\s+prepare)\b", re.I)
_UNSUPPORTED = "This command is not supported in the prepared statement protocol yet"
_LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"|@[\w$.]+", re.S)
_SYNTAX = (
    "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right"
    " syntax to use near '{near}' at line 1"
)
_SAVEPOINT = re.compile(rf"savepoint {_NAME}$", re.I)
_RELEASE = re.compile(rf"release savepoint {_NAME}$", re.I)
_BACK = re.compile(rf"rollback(?: work)? to(?: savepoint)? {_NAME}$", re.I)
_BEGINS = re.compile(r"(?:begin(?: work)?|start transaction\b.*)$", re.I)
_ENDS = re.compile(r"(?:commit|rollback)\b", re.I)
_MOST_KEPT, _LONGEST_KEPT = 256, 4096
_MOST_SAVEPOINTS = 64
_OPEN, _SAVEPOINTS = "transaction open", "transaction savepoints"

Kept = MutableMapping[str, SqlValue]


def answer(
    statement: str, session: SqlSession, kept: Kept, ask: Callable[[str], SqlAnswer]
) -> SqlAnswer | None:
    """None of a statement about neither. ``ask``: what is said of another one."""
    return _prepared(statement, session, kept, ask) or _saved(statement, session, kept)


def _prepared(
    statement: str, session: SqlSession, kept: Kept, ask: Callable[[str], SqlAnswer]
) -> SqlAnswer | None:
    if found := _PREPARE.match(statement):
        said = found["text"]
        try:
            text = evaluated(said, session.values) if said[:1] in "'\"@" else said
        except (ValueError, SqlUnknownError):
            begun = _LITERAL.match(said)
            near = said[begun.end() if begun else 0 :].lstrip()[:80]
            return _refused(1064, "42000", _SYNTAX.format(near=near))
        if _NOT_PREPARED.match(str(text)):
            return _refused(1295, "HY000", _UNSUPPORTED)
        told = ask(str(text)) if isinstance(text, str) and text.strip() else None
        if told is None or isinstance(told, SqlRefused):
            return told or _refused(1065, "42000", "Query was empty")
        if len(kept) < _MOST_KEPT:
            kept[f"prepare {_plain(found['name'])}"] = str(text)[:_LONGEST_KEPT]
        return SqlDone("PREPARE")
    if found := _EXECUTE.match(statement):
        text = kept.get(f"prepare {_plain(found['name'])}")
        return _executed(str(text), found["values"] or "", session, kept) if text is not None else None
    if found := _DROP.match(statement):
        known = kept.pop(f"prepare {_plain(found['name'])}", None)
        return SqlDone("DEALLOCATE") if known is not None else None
    return None


def _executed(text: str, names: str, session: SqlSession, kept: Kept) -> SqlAnswer:
    """With the values of variables bound to its marks."""
    values = [kept.get(name.strip().lower()) for name in names.split(",") if name.strip()]
    if sql_answers.marks(text) != len(values):
        return _refused(1210, "HY000", "Incorrect arguments to EXECUTE")
    bound = {f"?{number}": _bound(number, value) for number, value in enumerate(values, 1)}
    found = sql_answers.answers(text, replace(session, values={**session.values, **bound}))
    return next(found, _refused(1065, "42000", "Query was empty"))


def _bound(number: int, value: SqlValue) -> SqlParameter:
    given = value if isinstance(value, int | str) or value is None else str(value)
    return SqlParameter(number, given=SqlBound(given))


def _saved(statement: str, session: SqlSession, kept: Kept) -> SqlAnswer | None:
    names = str(kept.get(_SAVEPOINTS) or "").split()
    if found := _SAVEPOINT.match(statement):
        if _OPEN in kept or session.values.get("@@autocommit") == 0:
            name = _plain(found["name"])
            others = [one for one in names if one != name]
            kept[_SAVEPOINTS] = " ".join([*others, name][-_MOST_SAVEPOINTS:])
        return SqlDone("SAVEPOINT")
    if found := _RELEASE.match(statement) or _BACK.match(statement):
        name = _plain(found["name"])
        if name not in names:
            return _refused(1305, "42000", f"SAVEPOINT {found['name'].strip('`')[:64]} does not exist")
        keeps = names.index(name) + (statement[:2].lower() == "ro")
        kept[_SAVEPOINTS] = " ".join(names[:keeps])
        return SqlDone("ROLLBACK" if statement[:2].lower() == "ro" else "RELEASE")
    if _BEGINS.match(statement):
        kept[_OPEN], kept[_SAVEPOINTS] = 1, ""
    elif _ENDS.match(statement):
        kept.pop(_OPEN, None)
        kept.pop(_SAVEPOINTS, None)
    return None


def _plain(name: str) -> str:
    """As it is looked up: in small letters, and without blanks, which stand between names here."""
    return re.sub(r"\s", "_", name.replace("`", "").lower())[:64]


def _refused(number: int, state: str, told: str) -> SqlRefused:
    return SqlRefused("", "", said=mysql_refusals.error(number, state, told))
