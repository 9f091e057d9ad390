"""JSON in MySQL's functions: what a path leads to, and what a document is.

"JSON Functions" and "JSON Path Syntax" of its manual; documents are told in the form that MySQL 8 gives them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from listener.protocol.mysql_functions import MysqlCallError, MysqlValue, text

_STEP = re.compile(
    r'\s*(?:\.\s*(?:(?P<key>[A-Za-z_$][\w$]*)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<all>\*))|\[\s*(?P<at>\d{1,9}|\*)\s*\])'
)
_MOST = 1024
"""Values that a path with asterisks leads to."""
_DEEP = (3157, "22032", "The JSON document exceeds the maximum depth.")
_DEEPEST = 100
"""Levels of a document that the server takes."""


def _document(value: MysqlValue, name: str, place: int = 1) -> Any:
    try:
        found = json.loads(text(value), parse_float=Decimal)
    except RecursionError as problem:
        raise MysqlCallError(*_DEEP) from problem
    except ValueError as problem:
        at = getattr(problem, "pos", 0)
        said = "The document is empty." if not text(value).strip() else "Invalid value."
        told = f'Invalid JSON text in argument {place} to function {name}: "{said}" at position {at}.'
        raise MysqlCallError(3141, "22032", told) from problem
    if _too_deep(found):
        raise MysqlCallError(*_DEEP)
    return found


def _too_deep(document: Any) -> bool:
    level = [document]
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True


def _written(value: Any) -> str:
    return json.dumps(value, default=float, ensure_ascii=False)


def _found(document: Any, path: MysqlValue) -> tuple[list[Any], bool]:
    """The values, and whether there may be several. Raises MysqlCallError where the path is none."""
    said = text(path)
    at, values, several = 1, [document], False
    wrong = 1 if not said.startswith("$") else 0
    while not wrong and at < len(said.rstrip()):
        step = _STEP.match(said, at)
        if step is None:
            wrong = at + 1
            break
        at = step.end()
        several = several or "*" in (step["all"], step["at"])
        values = [one for value in values for one in _below(value, step)][:_MOST]
    if wrong:
        told = f"Invalid JSON path expression. The error is around character position {wrong}."
        raise MysqlCallError(3143, "42000", told)
    return values, several


def _below(value: Any, step: re.Match[str]) -> list[Any]:
    if step["at"] is not None:
        if not isinstance(value, list):
            return [value] if step["at"] == "0" else []
        return value if step["at"] == "*" else value[int(step["at"]) :][:1]
    if not isinstance(value, dict):
        return []
    if step["all"]:
        return list(value.values())
    key = step["key"] if step["key"] is not None else re.sub(r"\\(.)", r"\1", step["quoted"])
    return [value[key]] if key in value else []


def _extract(document: MysqlValue, *paths: MysqlValue) -> MysqlValue:
    whole = _document(document, "json_extract")
    found, several = [], len(paths) > 1
    for path in paths:
        values, many = _found(whole, path)
        found += values
        several = several or many
    if not found:
        return None
    return _written(found) if several else _written(found[0])


def _unquote(value: MysqlValue) -> MysqlValue:
    said = text(value)
    if len(said) < 2 or said[0] != '"' or said[-1] != '"':
        return said
    inner = _document(said, "json_unquote")
    return inner if isinstance(inner, str) else said


def _at(document: Any, path: MysqlValue) -> list[Any]:
    return _found(document, path)[0]


def _length(document: MysqlValue, path: MysqlValue = "$") -> MysqlValue:
    found = _at(_document(document, "json_length"), path)
    return None if not found else len(found[0]) if isinstance(found[0], dict | list) else 1


def _keys(document: MysqlValue, path: MysqlValue = "$") -> MysqlValue:
    found = _at(_document(document, "json_keys"), path)
    return _written(list(found[0])) if found and isinstance(found[0], dict) else None


def _type(document: MysqlValue) -> MysqlValue:
    value = _document(document, "json_type")
    names = {bool: "BOOLEAN", int: "INTEGER", Decimal: "DOUBLE", str: "STRING", list: "ARRAY", dict: "OBJECT"}
    return names.get(type(value), "NULL")


def _within(one: Any, other: Any) -> bool:
    if isinstance(one, list):
        wanted = other if isinstance(other, list) else [other]
        return all(any(_within(inner, each) for inner in one) for each in wanted)
    if isinstance(one, dict) and isinstance(other, dict):
        return all(name in one and _within(one[name], value) for name, value in other.items())
    return type(one) is type(other) and bool(one == other)


def _contains(document: MysqlValue, wanted: MysqlValue, path: MysqlValue = "$") -> MysqlValue:
    found = _at(_document(document, "json_contains"), path)
    other = _document(wanted, "json_contains", 2)
    if len(text(document)) * len(text(wanted)) > 1 << 16:
        return 0
    return None if not found else int(_within(found[0], other))


def _array(*values: MysqlValue) -> str:
    return _written([float(value) if isinstance(value, Decimal) else value for value in values])


FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Any]]] = {
    "json_extract": (2, 16, _extract),
    "json_value": (
        2,
        2,
        lambda document, path: None if (found := _extract(document, path)) is None else _unquote(found),
    ),
    "json_unquote": (1, 1, _unquote),
    "json_quote": (1, 1, lambda value: _written(text(value))),
    "json_length": (1, 2, _length),
    "json_keys": (1, 2, _keys),
    "json_type": (1, 1, _type),
    "json_contains": (2, 3, _contains),
    "json_array": (0, 64, _array),
}
"""Name to the fewest and most arguments and what it gives, where no argument is NULL."""
