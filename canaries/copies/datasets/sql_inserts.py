"""SQL dumps that fill a table by INSERT: ``mysqldump``, ``pg_dump --inserts``, ``.dump`` of SQLite.

Only the rows of one table are read and added to; everything else in the file stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from canaries.copies.datasets import DataFormat, DataTable, text
from canaries.core.errors import MintError

_PART = r'(?:"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\]|[A-Za-z_][\w$]*)'
_NAME = rf"(?:{_PART}\.)?({_PART})"
_INSERT = re.compile(rf"^INSERT\s+INTO\s+{_NAME}\s*(\([^()']*\))?\s*VALUES\s*", re.IGNORECASE | re.MULTILINE)
_STRINGS = {
    "standard": r"'(?:[^']|'')*+'",  # ISO 9075-2, 5.3
    "backslash": r"'(?:[^'\\]|''|\\.)*+'",  # MySQL's reference manual, 9.1.1
}
_NOT_COLUMNS = frozenset("primary key unique constraint index foreign check fulltext spatial exclude".split())
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)\Z")


class VerbatimSql(str):
    """A value that is neither text, number, truth value nor NULL: it is written again as it stands."""

    __slots__ = ()


class SqlInserts(DataFormat):
    name: ClassVar[str] = "sql"
    title: ClassVar[str] = "a dump with INSERT statements"
    suffixes: ClassVar[tuple[str, ...]] = (".sql",)

    def read(self, content: bytes, table: str) -> DataTable:
        whole = text(content)
        for strings in _STRINGS:
            found = _tables(whole, strings)
            if found is not None:
                break
        else:
            raise MintError("the dump's INSERT statements cannot be read")
        if not found:
            hint = "pg_dump writes them with --inserts"
            raise MintError("the dump has no INSERT statement", hint=hint)
        wanted = table or _with_people(found)
        spans = found.get(wanted)
        if not spans:
            known = ", ".join(sorted(found))
            raise MintError(f"no INSERT of the dump fills a table {wanted!r}", hint=f"it fills: {known}")
        columns = spans[0][2] or _created(whole, wanted)
        if any((one[2] or columns) != columns or len(one[3]) != len(columns) for one in spans):
            raise MintError(f"the INSERT statements of {wanted!r} have not all the same columns")
        ends = [start for start, _, _, _ in spans[1:]] + [len(whole)]
        return DataTable(
            whole[: spans[0][0]].encode(),
            tuple(whole[start:end].encode() for start, end, _, _ in spans),
            tuple(whole[end:upto].encode() for (_, end, _, _), upto in zip(spans, ends, strict=True)),
            tuple(columns),
            tuple(
                dict(zip(columns, (_value(one, strings) for one in values), strict=True))
                for _, _, _, values in spans
            ),
        )

    def record(self, row: Mapping[str, Any], data: DataTable) -> bytes:
        whole = b"".join(data.records)
        spaced = ", " in re.sub(_STRINGS["backslash"], "", data.records[0].decode())
        backslash = re.search(rb"\\['\"n\\]", whole) is not None
        values = (_written(row.get(name), backslash=backslash) for name in data.columns)
        return ("(" + (", " if spaced else ",").join(values) + ")").encode()


_Span = tuple[int, int, list[str], list[str]]
"""Where a row begins and ends, the columns that its statement names, and its values as they stand there."""


def _tables(whole: str, strings: str) -> dict[str, list[_Span]] | None:
    """Table to its rows; None where a statement cannot be read with such strings."""
    quoted = _STRINGS[strings]
    value = re.compile(rf"\s*((?:{quoted}|[^',()]|\((?:{quoted}|[^'()])*+\))++)([,)])", re.DOTALL)
    follows = re.compile(r"\s*([,;])\s*", re.DOTALL)
    found: dict[str, list[_Span]] = {}
    at = 0
    while (statement := _INSERT.search(whole, at)) is not None:
        name, columns = _bare(statement[1]), _names(statement[2] or "")
        at = statement.end()
        while True:
            if whole[at : at + 1] != "(":
                return None
            start, values = at, []
            at += 1
            while True:
                one = value.match(whole, at)
                if one is None:
                    return None
                values.append(one[1].strip())
                at = one.end()
                if one[2] == ")":
                    break
            found.setdefault(name, []).append((start, at, columns, values))
            after = follows.match(whole, at)
            if after is None:
                return None
            at = after.end()
            if after[1] == ";":
                at = after.start(1) + 1
                break
    return found


def _with_people(found: Mapping[str, list[_Span]]) -> str:
    """The table with the most rows that hold addresses."""
    counts = {
        name: sum(any("@" in one for one in span[3]) for span in spans) for name, spans in found.items()
    }
    return max(counts, key=lambda name: counts[name])


def _bare(name: str) -> str:
    return name.strip("`[]").strip('"').replace('""', '"')


def _names(listed: str) -> list[str]:
    return [_bare(one.strip()) for one in listed.strip("()").split(",") if one.strip()]


def _created(whole: str, table: str) -> list[str]:
    """The columns that CREATE TABLE names. Raises MintError where there is none."""
    for created in re.finditer(rf"CREATE TABLE\s+(?:IF NOT EXISTS\s+)?{_NAME}\s*\(", whole, re.IGNORECASE):
        if _bare(created[1]) == table:
            parts = (one.split(None, 1) for one in _top_level(whole, created.end()) if one.strip())
            return [_bare(part[0]) for part in parts if part[0].lower() not in _NOT_COLUMNS]
    raise MintError(
        f"the dump does not say which columns {table!r} has",
        hint="dump it with them: pg_dump --column-inserts, mysqldump --complete-insert",
    )


def _top_level(whole: str, at: int) -> Iterator[str]:
    depth, begin = 0, at
    for found in re.finditer(r"'(?:[^'\\]|''|\\.)*'|[(),]", whole[at:]):
        place = at + found.start()
        if found[0] == "(":
            depth += 1
        elif found[0] == ")":
            if depth == 0:
                yield whole[begin:place]
                return
            depth -= 1
        elif found[0] == "," and depth == 0:
            yield whole[begin:place]
            begin = place + 1


_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "Z": "\x1a", "b": "\b"}


def _value(raw: str, strings: str) -> Any:
    if raw.upper() == "NULL":
        return None
    if raw.upper() in ("TRUE", "FALSE"):
        return raw.upper() == "TRUE"
    if _PLAIN.match(raw):
        return int(raw)
    if raw[0] != "'" or raw[-1] != "'":
        return VerbatimSql(raw)
    inner = raw[1:-1]
    if strings == "standard":
        return inner.replace("''", "'")
    return re.sub(
        r"''|\\(.)",
        lambda found: "'" if found[1] is None else _UNESCAPED.get(found[1], found[1]),
        inner,
        flags=re.DOTALL,
    )


def _written(value: Any, *, backslash: bool) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | VerbatimSql):
        return str(value)
    plain = str(value).replace("\\", "\\\\") if backslash else str(value)
    return "'" + plain.replace("'", "''") + "'"
