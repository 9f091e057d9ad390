"""PostgreSQL's columns, rows and parameters for a small result: "Message Formats" (T, D, t, B), with its types.

A parameter without a cast is text, as the server takes it where nothing else decides. A value that is bound comes back
as it came, in the form in which the client wants it.
"""

from __future__ import annotations

import datetime
import re
import struct
from collections.abc import Iterator, Sequence

from canaries.core.text import decoded
from listener.protocol.octets import Octets
from listener.protocol.postgres_messages import message
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlBound, SqlMoment, SqlParameter, SqlTruth, SqlValue

_TEXT, _INT = 25, 23
_TYPES = {
    "bool": 16, "boolean": 16, "bytea": 17, '"char"': 18, "char": 1042, "bpchar": 1042, "character": 1042, "name": 19,
    "int8": 20, "bigint": 20, "int2": 21, "smallint": 21, "int": _INT, "int4": _INT, "integer": _INT, "text": _TEXT,
    "oid": 26, "json": 114, "float4": 700, "real": 700, "float8": 701, "double": 701, "varchar": 1043, "date": 1082,
    "time": 1083, "timestamp": 1114, "timestamptz": 1184, "interval": 1186, "numeric": 1700, "decimal": 1700,
    "regclass": 2205, "uuid": 2950, "jsonb": 3802,
}  # fmt: skip
_SIZES = {16: 1, 20: 8, 21: 2, _INT: 4, 26: 4, 1184: 8}
_FLOATS, _BOOL = {700: ">f", 701: ">d"}, 16
_DATE, _MOMENT = 1082, 1184
_DAYS = {_DATE: 4, 1114: 8, _MOMENT: 8}
"""Types that count from the beginning of 2000, in days or microseconds, to bytes."""
_EPOCH = 946_684_800_000_000
"""Of a binary moment, microseconds since the other epoch: the beginning of 2000."""
_MARK = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?(?:\*/|\Z)|\$(\d{1,5})\b(?:\s*::\s*(?:pg_catalog\.)?(\w+|\"char\"))?",
    re.S,
)

_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})

Bound = Sequence[tuple[bytes, bool] | None]
"""Values of a Bind message, each with whether it is binary."""


def parameter_types(text: str, told: Sequence[int], most: int) -> list[int]:
    """The types of a statement's parameters. ``told``: by the client, 0 where it leaves one open."""
    found: dict[int, int] = {}
    for match in _MARK.finditer(text):
        if match[1] and 0 < int(match[1]) <= most:
            kind = _TYPES.get((match[2] or "").lower(), 0)
            found[int(match[1])] = found.get(int(match[1])) or kind
    for number, kind in enumerate(told[:most], 1):
        found[number] = kind or found.get(number, 0)
    return [found.get(number) or _TEXT for number in range(1, max(found, default=0) + 1)]


def parameter_description(types: Sequence[int]) -> bytes:
    """Body of ParameterDescription."""
    return struct.pack(f">H{len(types)}I", len(types), *types)


def _type_of(found: SqlRows, column: int, types: Sequence[int]) -> int:
    values = [row[column] for row in found.rows]
    first = values[0] if values else None
    if isinstance(first, SqlParameter):
        told = types[first.number - 1] if 0 < first.number <= len(types) else _TEXT
        return _TYPES.get(first.type, told)
    if isinstance(first, SqlMoment):
        return _MOMENT
    if isinstance(first, SqlTruth):
        return _BOOL
    return _INT if values and all(isinstance(value, int) for value in values) else _TEXT


def _format(formats: Sequence[int], column: int) -> int:
    """None is text, one is that of all columns."""
    if len(formats) == 1:
        return formats[0] & 1
    return formats[column] & 1 if column < len(formats) else 0


def description(found: SqlRows, types: Sequence[int] = (), formats: Sequence[int] = ()) -> bytes:
    """Body of RowDescription. ``types``: of the parameters; ``formats``: of the columns, where Bind has asked."""
    body = struct.pack(">H", len(found.columns))
    for number, name in enumerate(found.columns):
        kind = _type_of(found, number, types)
        body += name.encode("utf-8", "replace") + b"\0"
        form = _format(formats, number)
        body += struct.pack(">IHIhih", 0, 0, kind, _SIZES.get(kind, -1), -1, form)
    return body


def rows(
    found: SqlRows, formats: Sequence[int] = (), values: Bound = (), types: Sequence[int] = ()
) -> Iterator[bytes]:
    """Body of each DataRow. ``formats``: of the columns as Bind asks for them, 1 is binary; ``values``: those bound."""
    for row in found.rows:
        body = struct.pack(">H", len(row))
        for number, value in enumerate(row):
            binary = _format(formats, number) == 1
            data = _written(value, _type_of(found, number, types), values, binary=binary)
            body += struct.pack(">i", -1) if data is None else struct.pack(">i", len(data)) + data
        yield body


def copied(found: SqlRows) -> bytes:
    """The messages of a COPY to the client, as text."""
    head = struct.pack(">bH", 0, len(found.columns)) + bytes(2 * len(found.columns))
    lines = [
        b"\t".join(
            rb"\N" if value is None else str(value).translate(_COPY_ESCAPES).encode("utf-8", "replace")
            for value in row
        )
        + b"\n"
        for row in found.rows
    ]
    return b"".join([message(b"H", head), *(message(b"d", line) for line in lines), message(b"c", b"")])


def _written(value: SqlValue, kind: int, values: Bound, *, binary: bool) -> bytes | None:
    if isinstance(value, SqlParameter):
        given = values[value.number - 1] if 0 < value.number <= len(values) else None
        return None if given is None else _returned(*given, kind, binary=binary)
    if value is None:
        return None
    if binary and isinstance(value, SqlMoment):
        return struct.pack(">q", value.micros - _EPOCH)
    if binary and isinstance(value, SqlTruth):
        return b"\1" if value == "t" else b"\0"
    if binary and isinstance(value, int) and abs(value) < 1 << 31:
        return struct.pack(">i", value)
    return str(value).encode("utf-8", "replace")


def _returned(data: bytes, came_binary: bool, kind: int, *, binary: bool) -> bytes:
    """A value that was bound, in the other form where that is wanted and known."""
    size = _SIZES.get(kind)
    if size is None or kind in (_MOMENT, _BOOL):
        return str(_read((data, True), kind)).encode() if came_binary and not binary else data
    if not came_binary and not re.fullmatch(rb"[+-]?\d{1,18}", data):
        return data
    number = int.from_bytes(data, "big", signed=True) if came_binary else int(data)
    if not binary:
        return str(number).encode()
    return number.to_bytes(size, "big", signed=True) if abs(number) < 1 << 8 * size - 1 else data


def given(values: Bound, types: Sequence[int]) -> dict[str, SqlParameter]:
    """The values as expressions name them: ``$1``, ``$2``."""
    found = {}
    for number, value in enumerate(values, 1):
        kind = types[number - 1] if number <= len(types) else _TEXT
        found[f"${number}"] = SqlParameter(number, given=SqlBound(_read(value, kind)))
    return found


def shown(values: Bound, types: Sequence[int]) -> list[str | None]:
    """The values as text, NULL as None."""
    kinds = [*types, *[_TEXT] * len(values)]
    read = [_read(value, kind) for value, kind in zip(values, kinds, strict=False)]
    return [None if value is None else str(value) for value in read]


def _read(value: tuple[bytes, bool] | None, kind: int) -> str | int | None:
    """As an expression reads it: whole numbers, the rest as text."""
    if value is None:
        return None
    data, binary = value
    whole = kind in _SIZES and kind not in (_MOMENT, _BOOL)
    if binary and kind in _FLOATS and len(data) == struct.calcsize(_FLOATS[kind]):
        return f"{struct.unpack(_FLOATS[kind], data)[0]:.17g}"
    if binary and kind in _DAYS and len(data) == _DAYS[kind]:
        return _moment(int.from_bytes(data, "big", signed=True), kind)
    if binary and kind == _BOOL and len(data) == 1:
        return "t" if data[0] else "f"
    if binary and whole and len(data) == _SIZES[kind]:
        return int.from_bytes(data, "big", signed=True)
    if not binary and whole and re.fullmatch(rb"[+-]?\d{1,18}", data):
        return int(data)
    return decoded(data)


def _moment(count: int, kind: int) -> str | None:
    day = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  what a client bound has no zone
    try:
        if kind == _DATE:
            return f"{day + datetime.timedelta(count):%Y-%m-%d}"
        told = str(day + datetime.timedelta(microseconds=count))
    except OverflowError:
        return "infinity" if count > 0 else "-infinity"
    whole, _, part = told.partition(".")
    return whole + ("." + part.rstrip("0") if part else "") + ("+00" if kind == _MOMENT else "")


def bound(body: Octets, most: int, longest: int) -> tuple[list[tuple[bytes, bool] | None], list[int]]:
    """The values of a Bind message and the formats that it wants its columns in.

    ``most`` values are read, ``longest`` bytes of each kept.
    """
    body.text()
    body.text()
    forms = body.next_bytes(2 * body.number(2))
    values: list[tuple[bytes, bool] | None] = []
    count = body.number(2)
    for number in range(min(count, most)):
        size = body.number(4, signed=True)
        form = forms[2 * number : 2 * number + 2] if len(forms) > 2 else forms
        values.append((body.next_bytes(size)[:longest], form == b"\0\1") if size >= 0 else None)
    if count > most or body.left < 2:
        return values, []
    return values, [body.number(2) for _ in range(min(body.number(2), body.left // 2))]
