"""A small result as two servers send it: MySQL's packets and TDS tokens.

MySQL "Text Resultset"; [MS-TDS] 2.2.7.4 COLMETADATA and 2.2.7.19 ROW. Texts, integers and moments, which is all that
`listener.protocol.sql_answers` gives, and what a client bound to the statement, which comes back as it came.
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Sequence

from listener.protocol import mysql_auth
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlBound, SqlMoment, SqlNumber, SqlParameter, SqlValue

_DATETIME = 0x0C
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DAYS_TO_1970 = 25_567
"""From the beginning of 1900, where ``datetime`` begins."""
_MYSQL_TEXTS = frozenset({0x0F, 0xFD, 0xFE})
"""Types of columns whose values have a character set."""
_COLLATION = bytes.fromhex("0904d00034")
"""SQL_Latin1_General_CP1_CI_AS."""


def _shown(value: SqlValue) -> str | int | None:
    """The value itself; nothing of a parameter to which nothing is bound."""
    if isinstance(value, SqlParameter):
        return value.given.value if value.given else None
    return value


def _bound(found: SqlRows, column: int) -> SqlBound | None:
    """What was bound to the statement and is this column."""
    value = found.rows[0][column] if found.rows else None
    given = value.given if isinstance(value, SqlParameter) and not value.type else None
    return given if given and given.kind else None


def _is_moment(found: SqlRows, column: int) -> bool:
    return all(isinstance(row[column], SqlMoment) for row in found.rows) and bool(found.rows)


def _is_integer(found: SqlRows, column: int) -> bool:
    return all(isinstance(_shown(row[column]), int) for row in found.rows) and bool(found.rows)


def mysql_columns(found: SqlRows) -> list[bytes]:
    """A definition of each column."""
    packets = []
    for number, name in enumerate(found.columns):
        kind, charset = (0x08, 63) if _is_integer(found, number) else (0xFD, 255)
        first = found.rows[0][number] if found.rows else ""
        if _is_moment(found, number):
            kind, charset = _DATETIME, 63
        elif isinstance(first, SqlNumber):
            kind, charset = 0xF6 if first.exact else 0x05, 63
        elif all(row[number] is None for row in found.rows) and found.rows:
            kind, charset = 0x06, 63
        flags = 0
        if given := _bound(found, number):
            kind, flags = given.kind[0], sum(given.kind[1:])
            charset = 255 if kind in _MYSQL_TEXTS else 63
        head = b"".join(
            map(mysql_auth.with_length, (b"def", b"", b"", b"", name.encode("utf-8", "replace"), b""))
        )
        packets.append(head + b"\x0c" + struct.pack("<HIBHBH", charset, 1024, kind, flags, 0, 0))
    return packets


def mysql_packets(found: SqlRows, *, status: int, plain_end: bool, binary: bool = False) -> list[bytes]:
    """The packets of a result, text or ``binary``; ``plain_end``: without an EOF packet in the middle
    (CLIENT_DEPRECATE_EOF)."""
    end = struct.pack("<BHH", 0xFE, 0, status)
    last = b"\xfe\0\0" + struct.pack("<HH", status, 0) if plain_end else end
    packets = [mysql_auth.length(len(found.columns)), *mysql_columns(found)]
    packets += [] if plain_end else [end]
    packets += map(_binary_row if binary else _text_row, found.rows, [found] * len(found.rows))
    return [*packets, last]


def _text_row(row: Sequence[SqlValue], found: SqlRows) -> bytes:
    return b"".join(
        b"\xfb" if value is None else mysql_auth.with_length(str(value).encode("utf-8", "replace"))
        for value in map(_shown, row)
    )


def _binary_row(row: Sequence[SqlValue], found: SqlRows) -> bytes:
    """A bit for each column that is null, two bits further on; integers as eight bytes, moments as seven."""
    bitmap, values = 0, b""
    for number, value in enumerate(map(_shown, row)):
        if (given := _bound(found, number)) and given.data is not None:
            values += given.data
        elif value is None:
            bitmap |= 1 << number + 2
        elif _is_integer(found, number):
            values += struct.pack("<q", value)
        elif isinstance(value, SqlNumber) and not value.exact:
            values += struct.pack("<d", float(value))
        elif isinstance(value, SqlMoment) and _is_moment(found, number):
            day = _EPOCH + datetime.timedelta(microseconds=value.micros)
            values += struct.pack(
                "<BHBBBBB", 7, day.year, day.month, day.day, day.hour, day.minute, day.second
            )
        else:
            values += mysql_auth.with_length(str(value).encode("utf-8", "replace"))
    return b"\0" + bitmap.to_bytes((len(row) + 9) // 8, "little") + values


def tds_tokens(found: SqlRows, *, old: bool = False) -> bytes:
    """COLMETADATA and a ROW each. ``old``: as before TDS 7.2, where a type of users had two bytes."""
    out = struct.pack("<BH", 0x81, len(found.columns))
    for number, name in enumerate(found.columns):
        data = name.encode("utf-16-le", "replace")[:256]
        head = struct.pack("<HH" if old else "<IH", 0, 9) + _tds_type(found, number)
        out += head + bytes([len(data) // 2]) + data
    for row in found.rows:
        out += b"\xd1" + b"".join(_tds_value(found, number, value) for number, value in enumerate(row))
    return out


def _tds_type(found: SqlRows, column: int) -> bytes:
    """TYPE_INFO (section 2.2.5.4)."""
    if given := _bound(found, column):
        return given.kind
    if _is_moment(found, column):
        return b"\x6f\x08"
    if _is_integer(found, column):
        return b"\x26\x04" if _is_small(found, column) else b"\x26\x08"
    return b"\xe7" + struct.pack("<H", 8000) + _COLLATION


def _tds_value(found: SqlRows, column: int, value: SqlValue) -> bytes:
    """TYPE_VARBYTE (section 2.2.5.2.3)."""
    given, shown = _bound(found, column), _shown(value)
    if given and given.data is not None:
        return given.data
    if isinstance(value, SqlMoment) and _is_moment(found, column):
        days, micros = divmod(value.micros, 86_400_000_000)
        return struct.pack("<BiI", 8, days + _DAYS_TO_1970, (micros * 3 + 5_000) // 10_000)
    if _is_integer(found, column) and isinstance(shown, int):
        small = _is_small(found, column)
        return b"\x04" + struct.pack("<i", shown) if small else b"\x08" + struct.pack("<q", shown)
    if shown is None:
        return b"\xff\xff"
    data = str(shown).encode("utf-16-le", "replace")[:8000]
    return struct.pack("<H", len(data)) + data


def _is_small(found: SqlRows, column: int) -> bool:
    """Whether all are ``int`` and none needs to be ``bigint``."""
    return all(-(1 << 31) <= int(_shown(row[column]) or 0) < 1 << 31 for row in found.rows)
