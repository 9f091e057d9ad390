"""A small result as two servers send it: MySQL's packets and TDS tokens.

MySQL "Text Resultset"; [MS-TDS] 2.2.7.4 COLMETADATA and 2.2.7.19 ROW. Texts and
integers only, which is all that `listener.protocol.sql_answers` gives.
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Sequence

from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlMoment, SqlParameter, SqlValue

_DATETIME = 0x0C
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_COLLATION = bytes.fromhex("0904d00034")
"""SQL_Latin1_General_CP1_CI_AS."""


def _shown(value: SqlValue) -> str | int | None:
    """What is bound to a statement is not told back."""
    return None if isinstance(value, SqlParameter) else value


def _is_moment(found: SqlRows, column: int) -> bool:
    return all(isinstance(row[column], SqlMoment) for row in found.rows) and bool(found.rows)


def _is_integer(found: SqlRows, column: int) -> bool:
    return all(isinstance(row[column], int) for row in found.rows) and bool(found.rows)


def mysql_columns(found: SqlRows) -> list[bytes]:
    """A definition of each column."""
    packets = []
    for number, name in enumerate(found.columns):
        kind, charset = (0x08, 63) if _is_integer(found, number) else (0xFD, 255)
        if _is_moment(found, number):
            kind, charset = _DATETIME, 63
        head = b"".join(map(_counted, (b"def", b"", b"", b"", name.encode("utf-8", "replace"), b"")))
        packets.append(head + b"\x0c" + struct.pack("<HIBHBH", charset, 1024, kind, 0, 0, 0))
    return packets


def mysql_packets(found: SqlRows, *, status: int, plain_end: bool, binary: bool = False) -> list[bytes]:
    """The packets of a result, text or ``binary``; ``plain_end``: without an EOF packet in the middle
    (CLIENT_DEPRECATE_EOF)."""
    end = struct.pack("<BHH", 0xFE, 0, status)
    last = b"\xfe\0\0" + struct.pack("<HH", status, 0) if plain_end else end
    packets = [_counted_number(len(found.columns)), *mysql_columns(found)]
    packets += [] if plain_end else [end]
    packets += map(_binary_row if binary else _text_row, found.rows, [found] * len(found.rows))
    return [*packets, last]


def _text_row(row: Sequence[SqlValue], found: SqlRows) -> bytes:
    return b"".join(
        b"\xfb" if value is None else _counted(str(value).encode("utf-8", "replace"))
        for value in map(_shown, row)
    )


def _binary_row(row: Sequence[SqlValue], found: SqlRows) -> bytes:
    """A bit for each column that is null, two bits further on; integers as eight bytes, moments as seven."""
    bitmap, values = 0, b""
    for number, value in enumerate(map(_shown, row)):
        if value is None:
            bitmap |= 1 << number + 2
        elif _is_integer(found, number):
            values += struct.pack("<q", value)
        elif isinstance(value, SqlMoment) and _is_moment(found, number):
            day = _EPOCH + datetime.timedelta(microseconds=value.micros)
            values += struct.pack(
                "<BHBBBBB", 7, day.year, day.month, day.day, day.hour, day.minute, day.second
            )
        else:
            values += _counted(str(value).encode("utf-8", "replace"))
    return b"\0" + bitmap.to_bytes((len(row) + 9) // 8, "little") + values


def _counted(data: bytes) -> bytes:
    return _counted_number(len(data)) + data


def _counted_number(number: int) -> bytes:
    return bytes([number]) if number < 0xFB else b"\xfc" + struct.pack("<H", number & 0xFFFF)


def tds_tokens(found: SqlRows, *, old: bool = False) -> bytes:
    """COLMETADATA and a ROW each. ``old``: as before TDS 7.2, where a type of users had two bytes."""
    out = struct.pack("<BH", 0x81, len(found.columns))
    whole = [_is_integer(found, number) for number in range(len(found.columns))]
    for name, integer in zip(found.columns, whole, strict=True):
        data = name.encode("utf-16-le", "replace")[:256]
        kind = b"\x26\x08" if integer else b"\xe7" + struct.pack("<H", 8000) + _COLLATION
        out += struct.pack("<HH" if old else "<IH", 0, 9) + kind + bytes([len(data) // 2]) + data
    for row in found.rows:
        out += b"\xd1"
        for value, integer in zip(map(_shown, row), whole, strict=True):
            if integer:
                out += b"\x08" + struct.pack("<q", value)
            elif value is None:
                out += b"\xff\xff"
            else:
                data = str(value).encode("utf-16-le", "replace")[:8000]
                out += struct.pack("<H", len(data)) + data
    return out
