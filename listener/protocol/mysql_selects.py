"""SELECT of MySQL without a table of its own: constants, subqueries, unions, and INFORMATION_SCHEMA.

No parser: clauses are cut at their words outside of quotes and brackets. What names another table is left to the table
of answers, which refuses it by that name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from listener.protocol import mysql_catalogue, mysql_refusals, sql_answers
from listener.protocol.mysql_arithmetic import truth_of, unquoted
from listener.protocol.mysql_clauses import clauses_of, closing, inside
from listener.protocol.mysql_expressions import evaluated
from listener.protocol.mysql_functions import MysqlCallError, text
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows, SqlSession
from listener.protocol.sql_expressions import SqlUnknownError
from listener.protocol.sql_values import SqlValue

_ADORNED = re.compile(
    r"\s*(?:all|distinct|distinctrow|sql_no_cache|sql_calc_found_rows|straight_join)\s", re.I
)
_SOURCE = re.compile(r"([\w$`.]+)(?:\s+(?:as\s+)?([\w$`]+))?$", re.I)
_INNER = re.compile(
    r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|(?P<inner>\(\s*(?=select\b|with\b))", re.I | re.S
)
_EXISTS = re.compile(r"exists\s*$", re.I)
_IN = re.compile(r"\bin\s*$", re.I)
_AGGREGATE = re.compile(r"(count|sum|avg|min|max|group_concat)\s*\(\s*(?:distinct\s+)?(.*)\)$", re.I | re.S)
_LIMIT = re.compile(r"\s*(\d{1,9})(?:\s*(,|offset)\s*(\d{1,9}))?\s*$", re.I)
_NAMED = re.compile(r"\s*(?:recursive\s+)?([\w$`]+)\s*(?:\(([^)]*)\)\s*)?as\s*\(", re.I)
_LITERALS = re.compile(r"(?:n|_\w+\s*)?'(?:[^'\\]|\\.|'')*'(?:\s+'(?:[^'\\]|\\.|'')*')*", re.I)
"""One or more behind each other; two quotes without a blank between them are one within a literal."""
_TYPED = re.compile(r"(?:binary|date|time|timestamp)\s*'[^']*'", re.I)
"""A literal with its type in front, which is no expression with a name."""
_MOST_ROWS, _DEEPEST = 1000, 8
_NO_TABLES = mysql_refusals.error(1096, "HY000", "No tables used")
_OTHER_COUNT = mysql_refusals.error(
    1222, "21000", "The used SELECT statements have a different number of columns"
)

Sources = Mapping[str, SqlRows]
"""Tables that the statement itself makes, by their lower-case name."""


class _SelectRefusedError(Exception):
    def __init__(self, refused: SqlRefused) -> None:
        super().__init__(refused.sort)
        self.refused = refused


def answer(statement: str, session: SqlSession) -> SqlAnswer | None:
    """None where another table is named, or where the grammar is not this one's."""
    try:
        return _select(statement, session, {}, 0)
    except _SelectRefusedError as problem:
        return problem.refused
    except ValueError:
        return None


def _said(number: int, state: str, told: str) -> _SelectRefusedError:
    return _SelectRefusedError(SqlRefused("", "", said=mysql_refusals.error(number, state, told)))


def _select(statement: str, session: SqlSession, sources: Sources, depth: int) -> SqlAnswer:
    """Raises _SelectRefusedError, and ValueError on what is beyond this grammar."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    statement = inside(statement)
    if re.match(r"with\b", statement, re.I):
        statement, sources = _with(statement[4:], session, sources, depth)
    branches, every = [list[tuple[str, str]]()], True
    for clause in clauses_of(statement):
        if clause[0] == "UNION":
            every = every and clause[1].strip().upper().startswith("ALL")
            branches.append([])
            if inner := inside(re.sub(r"^\s*(?:all|distinct)\b", "", clause[1], flags=re.I)):
                branches[-1] += clauses_of(inner)[1:]
        elif clause != ("", ""):
            branches[-1].append(clause if clause[0] else ("SELECT", clause[1]))
    found = [_branch(dict(branch), statement, session, sources, depth) for branch in branches]
    if len(found) == 1:
        return found[0]
    results = [one for one in found if isinstance(one, SqlRows)]
    if len({len(one.columns) for one in results}) != 1 or len(results) < len(found):
        raise _SelectRefusedError(SqlRefused("", "", said=_OTHER_COUNT))
    rows = tuple(row for one in results for row in one.rows)
    return SqlRows(results[0].columns, rows if every else tuple(dict.fromkeys(rows)))


def _with(said: str, session: SqlSession, sources: Sources, depth: int) -> tuple[str, Sources]:
    made = dict(sources)
    while named := _NAMED.match(said):
        end = closing(said, named.end() - 1)
        if end < 0:
            break
        found = _select(said[named.end() : end], session, made, depth + 1)
        if isinstance(found, SqlDone | SqlRefused):
            raise ValueError("no rows")  # noqa: TRY004  of the statement, not of an argument
        columns = tuple(name.strip(" `") for name in named[2].split(",")) if named[2] else found.columns
        made[named[1].strip("`").lower()] = replace(found, columns=columns)
        said = said[end + 1 :].strip()
        if not said.startswith(","):
            return said, made
        said = said[1:]
    raise ValueError("no table expression")


def _branch(
    clauses: Mapping[str, str], statement: str, session: SqlSession, sources: Sources, depth: int
) -> SqlAnswer:
    if "SELECT" not in clauses or {"HAVING", "GROUP"} & set(clauses):
        raise ValueError("beyond this grammar")
    into = clauses.get("INTO", "").split()
    if into and into[0].upper() in ("OUTFILE", "DUMPFILE"):
        told = "Access denied; you need (at least one of) the FILE privilege(s) for this operation"
        raise _said(1227, "42000", told)
    head = clauses["SELECT"]
    distinct = re.match(r"\s*distinct", head, re.I)
    while _ADORNED.match(head):
        head = _ADORNED.sub("", head, count=1)
    source = _source(clauses.get("FROM", ""), statement, session, sources, depth)
    items = sql_answers.items(head)
    if source is None and any(item.endswith("*") for item in items):
        raise _SelectRefusedError(SqlRefused("", "", said=_NO_TABLES))
    rows = (
        [dict(zip(map(str.lower, source.columns), row, strict=True)) for row in source.rows]
        if source
        else [{}]
    )
    where = _alone(clauses.get("WHERE", ""), session, sources, depth)
    seen = [row for row in rows[:_MOST_ROWS] if _holds(where, row, session)]
    named: list[tuple[str, str]] = []
    for item in items:
        if item == "*" and source:
            named += [(f"`{name}`", name) for name in source.columns]
        elif _LITERALS.fullmatch(item):
            named.append((item, unquoted(re.findall(r"'(?:[^'\\]|\\.|'')*'", item)[0])))
        elif _TYPED.fullmatch(item):
            named.append((item, item))
        else:
            said, name = sql_answers.named(item, session)
            named.append((_alone(said, session, sources, depth), name))
    if source and not seen and source.columns:  # unknown names are told of an empty table too
        _row(named, dict.fromkeys(map(str.lower, source.columns)), session)
    if any(_AGGREGATE.match(item) for item, _ in named):
        made = [tuple(_gathered(item, seen, session) for item, _ in named)]
    else:
        made = [_row(named, row, session) for row in seen]
    names = tuple(name for _, name in named)
    made = _ordered(made, names, clauses.get("ORDER", ""))
    made = list(dict.fromkeys(made)) if distinct else made
    if limit := _LIMIT.match(clauses.get("LIMIT", "")):
        first, count = int(limit[1]), limit[3]
        begin = 0 if count is None else first if limit[2] == "," else int(count)
        size = first if count is None or limit[2] != "," else int(count)
        made = made[begin : begin + size]
    return SqlDone("SELECT") if into else SqlRows(names, tuple(made))


def _source(said: str, statement: str, session: SqlSession, sources: Sources, depth: int) -> SqlRows | None:
    """What is selected from; None where that is nothing."""
    said = said.strip()
    if not said or said.lower() == "dual":
        return None
    if said.startswith("("):
        end = closing(said, 0)
        found = _select(said[1:end], session, sources, depth + 1)
        if not isinstance(found, SqlRows) or not re.fullmatch(
            r"\s*(?:as\s+)?[\w$`]+\s*", said[end + 1 :], re.I
        ):
            raise ValueError("no rows")
        return found
    match = _SOURCE.match(said)
    if match is None:
        raise ValueError("beyond this grammar")
    schema, _, name = match[1].replace("`", "").rpartition(".")
    if not schema and name.lower() in sources:
        return sources[name.lower()]
    if schema.lower() in mysql_catalogue.SYSTEM[1:]:
        raise _SelectRefusedError(SqlRefused(name, "SELECT"))
    if schema.lower() != "information_schema":
        raise ValueError("another table")
    table = mysql_catalogue.table(name, session, statement)
    if name.upper() in mysql_catalogue.OTHERS:
        raise ValueError("a table whose columns are not known here")
    if table is None:
        raise _said(1109, "42S02", f"Unknown table '{name[:64].upper()}' in information_schema")
    return SqlRows(table.columns, tuple(table.rows))


def _value(expression: str, row: Mapping[str, SqlValue], session: SqlSession, marks: int = 0) -> SqlValue:
    """Of one row."""
    try:
        session.effort.evaluate(expression)
        value = evaluated(expression, {**session.values, **row}, marks=marks, effort=session.effort)
        session.effort.hold(value)
        return value  # noqa: TRY300  whatever it costs is told above
    except MysqlCallError as problem:
        raise _said(problem.number, problem.state, problem.text) from problem
    except SqlUnknownError as problem:
        table, _, name = problem.name.rpartition(".")
        if problem.sort == "column" and name.lower() in row:
            return row[name.lower()]
        if problem.sort == "column" and table:
            raise _said(1109, "42S02", f"Unknown table '{table[:64]}' in field list") from problem
        raise _SelectRefusedError(SqlRefused(problem.name, "SELECT", problem.sort)) from problem


def _alone(expression: str, session: SqlSession, sources: Sources, depth: int) -> str:
    """An expression with the values of inner SELECTs in their place. They know nothing of its row, so this is done
    once for all rows: what stands within each other would cost as many as there are, to the power of its depth."""
    at = 0
    while inner := next((one for one in _INNER.finditer(expression, at) if one["inner"]), None):
        end = closing(expression, inner.start())
        found = _select(expression[inner.end() : end], session, sources, depth + 1)
        if end < 0 or not isinstance(found, SqlRows) or len(expression) > sql_answers.LONGEST:
            raise ValueError("no value")
        before, value = expression[: inner.start()], found.rows[0][0] if found.rows else None
        if exists := _EXISTS.search(before):
            before, value = before[: exists.start()], int(bool(found.rows))
        told = _literal(value)
        if _IN.search(before):
            told = f"({', '.join(_literal(row[0]) for row in found.rows[:64]) or 'NULL'})"
        at = len(before) + len(told) + 2  # what is said by a row is no SELECT
        expression = f"{before} {told} {expression[end + 1 :]}"
    if len(expression) > sql_answers.LONGEST:
        raise ValueError("no value")
    return expression


def _literal(value: SqlValue) -> str:
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def _row(
    named: Sequence[tuple[str, str]], row: Mapping[str, SqlValue], session: SqlSession
) -> tuple[SqlValue, ...]:
    values, marks = list[SqlValue](), 0
    for expression, _ in named:
        values.append(_value(expression, row, session, marks))
        marks += sql_answers.marks(expression)
    return tuple(values)


def _holds(condition: str, row: Mapping[str, SqlValue], session: SqlSession) -> bool:
    if not condition.strip():
        return True
    value = _value(condition, row, session)
    return truth_of(value if isinstance(value, str | int) else None) == 1


def _gathered(item: str, rows: Sequence[Mapping[str, SqlValue]], session: SqlSession) -> SqlValue:
    """An aggregate of all rows."""
    match = _AGGREGATE.match(item)
    name, inner = (match[1].lower(), match[2].strip()) if match else ("", item)
    if name == "count" and inner == "*":
        return len(rows)
    found = [_value(inner, row, session) for row in rows]
    values = [value for value in found if value is not None]
    if name == "count":
        return len(values)
    if not values:
        return None
    told = [text(value) if isinstance(value, str | int) else "" for value in values]
    if name == "group_concat":
        return ",".join(told)[:1024]
    if len(values) == 1:
        return _value(item, rows[0], session)
    return {"min": min, "max": max}[name](told) if name in ("min", "max") else told[0]


def _ordered(rows: list[tuple[SqlValue, ...]], names: Sequence[str], by: str) -> list[tuple[SqlValue, ...]]:
    match = re.match(r"\s*by\s+([\w$`]+)(\s+desc)?\s*$", by, re.I)
    if not match:
        return rows
    name = match[1].strip("`").lower()
    lower = [one.lower() for one in names]
    at = int(name) - 1 if name.isdigit() and len(name) < 4 else lower.index(name) if name in lower else -1
    if not 0 <= at < len(names):
        return rows
    return sorted(rows, key=lambda row: (row[at] is not None, str(row[at]).lower()), reverse=bool(match[2]))
