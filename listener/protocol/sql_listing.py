"""Queries of what a SQL server lists of itself, for any account: rows that are known, narrowed and ordered as asked.

One list at a time, beside it what is known to be joined to it; conditions, columns and functions as far as clients ask
for them. What is beyond this grammar is left to whoever answers next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from listener.protocol.mysql_arithmetic import is_like
from listener.protocol.sql_answers import SqlRows, SqlSession, items
from listener.protocol.sql_expressions import SqlUnknownError, evaluated
from listener.protocol.sql_values import SqlValue

Row = Mapping[str, SqlValue]

_LONGEST = 2_000
"""Characters of a statement that is looked at; those of psql have half as many."""
_CLAUSES = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|\b(from|where|group\s+by|having|window|order\s+by|limit|offset|union|fetch|for"
    r"|(?:left\s+(?:outer\s+)?|inner\s+|cross\s+)?join)\b|.",
    re.I | re.S,
)
_HEAD = re.compile(r"select\s+(distinct\b\s*|all\s+)?(?:top\s*\(?\s*(\d+)\s*\)?\s+)?(.+)$", re.I | re.S)
_SOURCE = re.compile(r"(?:\w+\.+)*(\w+)(?:\s+(?:as\s+)?(\w+))?$", re.I)
_JOINED = re.compile(r"(?:\w+\.+)*(\w+)(?:\s+(?:as\s+)?(\w+))?\s+on\s", re.I)
_CALL = re.compile(r"(?:\w+\.)?(\w+)\s*\((.*)\)$", re.I | re.S)
_LIKE = re.compile(r"(.+?)\s+(not\s+)?(?:like|in)\s*('[^']*'|\( ?'[^']*'(?: ?, ?'[^']*')* ?\))$", re.I | re.S)
_BEGINS = re.compile(r"(.+?)\s*(!?)~\s*'\^(\w*)'$", re.S)
_NAMED = re.compile(
    r"(.+?) OPERATOR\(pg_catalog\.~\) '\^\((\w+)\)\$'(?: COLLATE pg_catalog\.default)?$", re.S
)
"""As psql asks for what a command names."""
_ORDER = re.compile(r"(?:(\d+)|(?:\w+\.)?(\w+))(?:\s+(asc|desc))?$", re.I)


@dataclass(frozen=True, slots=True)
class SqlLists:
    """What one server lists."""

    server: str
    tables: Mapping[str, Iterable[Row]]
    """By name in small letters; each has a row, and all its rows have the same columns."""
    beside: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    """By the names of a list and of a table that is joined to it: what that has for each row."""
    functions: Mapping[str, Callable[[SqlValue], SqlValue]] = field(default_factory=dict)
    """Of one value, by name in small letters."""
    session: SqlSession = field(default_factory=lambda: SqlSession({}))
    """What it knows, what is bound to the statement, and what the answer may cost."""
    special: Callable[[str, Row], SqlValue | None] = lambda expression, row: None
    """The value of an expression, without blanks and in small letters, that is more than these; else None."""


def answer(statement: str, lists: SqlLists) -> SqlRows | None:
    """The rows of a query of one of these lists; None of any other, and of one beyond this grammar.

    Raises SqlTooMuchError.
    """
    lowered = statement.lower() if len(statement) < _LONGEST else ""
    named = any(name in lowered for name in lists.tables)
    clauses = _clauses(re.sub(r"\s+", " ", statement)) if named else []
    if len(clauses) < 2 or clauses[1][0] != "from":
        return None
    source = _SOURCE.match(clauses[1][1])
    listed = list(lists.tables.get(source[1].lower(), ())) if source else []
    head = _HEAD.match(clauses[0][1])
    if not source or not listed or not head:
        return None
    try:
        known = dict(lists.session.values)
        rows: list[Row] = [{**known, **_seen(row, source, clauses, lists)} for row in listed]
        for clause, words in clauses[2:]:
            rows = _narrowed(rows, clause, words, lists)
        found = _listed(rows, items(head[3]), list(listed[0]), lists)
    except (ValueError, SqlUnknownError):
        return None
    if (head[1] or "").lower().startswith("distinct"):
        found = SqlRows(found.columns, tuple(dict.fromkeys(found.rows)))
    return _ordered(found, [*clauses, ("limit", head[2])] if head[2] else clauses)


def _clauses(statement: str) -> list[tuple[str, str]]:
    """The words that begin the parts of a statement, in small letters, each with what stands behind it."""
    found, depth = [["", ""]], 0
    for match in _CLAUSES.finditer(statement):
        depth += (match[0] == "(") - (match[0] == ")")
        if match[1] and depth == 0:
            found.append([" ".join(match[1].lower().split()), ""])
        else:
            found[-1][1] += match[0]
    return [(word, said.strip()) for word, said in found]


def _seen(row: Row, source: re.Match[str], clauses: Sequence[tuple[str, str]], lists: SqlLists) -> Row:
    """A row by all names that its columns have in the statement. Raises ValueError for a table it is not joined to."""
    table, alias = source[1].lower(), (source[2] or source[1]).lower()
    small = {name.lower(): value for name, value in row.items()}
    seen = {**small, **{f"{alias}.{name}": value for name, value in small.items()}}
    for clause, words in clauses[2:]:
        if clause.endswith("join"):
            joined = _JOINED.match(words)
            beside = joined and lists.beside.get((table, joined[1].lower()))
            if not joined or not beside:
                raise ValueError("another table")
            name = (joined[2] or joined[1]).lower()
            seen |= {f"{name}.{column}": value for column, value in beside.items()}
            seen = {**{column: value for column, value in beside.items() if column not in row}, **seen}
    return seen


def _narrowed(rows: list[Row], clause: str, words: str, lists: SqlLists) -> list[Row]:
    """Raises ValueError and SqlUnknownError on what is not understood."""
    if clause == "where":
        for condition in re.split(r"\s+and\s+", words, flags=re.I):
            rows = [row for row in rows if _holds(condition.strip(), row, lists)]
    elif clause not in ("order by", "limit", "offset") and not clause.endswith("join"):
        raise ValueError("beyond this grammar")
    return rows


def _holds(condition: str, row: Row, lists: SqlLists) -> bool:
    if found := _BEGINS.match(condition):
        return str(_value(found[1], row, lists)).startswith(found[3]) != bool(found[2])
    if found := _NAMED.match(condition):
        return str(_value(found[1], row, lists)) == found[2]
    if found := _LIKE.match(condition):
        texts, value = re.findall(r"'([^']*)'", found[3]), str(_value(found[1], row, lists))
        among = value in texts if found[3][0] == "(" else is_like(value, texts[0], cased=True)
        return among != bool(found[2])
    return _value(condition, row, lists) not in (None, 0, "", "f")


def _value(expression: str, row: Row, lists: SqlLists) -> SqlValue:
    lists.session.effort.evaluate(expression)
    name = re.sub(r"[\s\[\]]", "", expression).lower()
    if name in row:
        return row[name]
    if (special := lists.special(name, row)) is not None:
        return special
    call = _CALL.match(expression)
    function = lists.functions.get(call[1].lower()) if call else None
    if call and function:
        return function(_value(next(iter(items(call[2])), ""), row, lists))
    return evaluated(expression, row, lists.server)


def _listed(rows: Sequence[Row], asked: Sequence[str], everything: Sequence[str], lists: SqlLists) -> SqlRows:
    """Raises ValueError and SqlUnknownError."""
    if [re.sub(r"\s", "", item).lower() for item in asked] == ["count(*)"]:
        return SqlRows(("count" if lists.server == "postgres" else "",), ((len(rows),),))
    columns = list[tuple[str, str]]()
    for item in asked:
        if item.rpartition(".")[2] == "*":
            columns += [(name, name) for name in everything]
        else:
            columns.append(_named(item, lists))
    listed = (tuple(_value(expression, row, lists) for expression, _ in columns) for row in rows)
    return SqlRows(tuple(name for _, name in columns), tuple(listed))


def _named(item: str, lists: SqlLists) -> tuple[str, str]:
    """Expression and name of a column, as the server names it."""
    if found := re.match(
        r"(.+?)\s+as\s+(\"[^\"]+\"|\w+)$|(.+?)\s+(\"[^\"]+\"|(?!end\b)\w+)$", item, re.I | re.S
    ):
        name = found[2] or found[4]
        folded = lists.server == "postgres" and not name.startswith('"')
        return found[1] or found[3], name.lower() if folded else name.strip('"')
    call = _CALL.match(item)
    if lists.server != "postgres":
        return item, "" if call else item.rpartition(".")[2].strip('[]"')
    return item, call[1].lower() if call else item.strip("() ").rpartition(".")[2].strip('"').lower()


def _ordered(found: SqlRows, clauses: Sequence[tuple[str, str]]) -> SqlRows:
    """By the columns that are named, and no more of them than are asked for."""
    rows = list(found.rows)
    said = dict(clauses)
    for one in reversed(items(said.get("order by", ""))):
        order = _ORDER.match(one)
        place = int(order[1][:3]) - 1 if order and order[1] else -1
        if order and order[2] and order[2].lower() in found.columns:
            place = found.columns.index(order[2].lower())
        if order and 0 <= place < len(found.columns):
            rows.sort(key=partial(_key, place), reverse=(order[3] or "").lower() == "desc")
    skipped, most = (re.match(r"\d{1,9}", said.get(clause, "")) for clause in ("offset", "limit"))
    first = int(skipped[0]) if skipped else 0
    last = first + int(most[0]) if most else len(rows)
    return SqlRows(found.columns, tuple(rows[first:last]))


def _key(place: int, row: Sequence[SqlValue]) -> tuple[bool, bool, int, str]:
    value = row[place]
    return value is None, isinstance(value, str), value if isinstance(value, int) else 0, str(value)
