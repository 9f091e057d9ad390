"""What a client binds to a prepared statement of MySQL's: values as text, and as a row of results returns them.

MySQL "COM_STMT_EXECUTE" and "Binary Protocol Value". Types come with the first execution, and later only where they
change.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Mapping, Sequence

from canaries.core.text import decoded
from listener.protocol import mysql_auth
from listener.protocol.octets import Octets
from listener.protocol.sql_values import SqlBound, SqlParameter

_UNSIGNED = 0x8000
_NULL, _LONG_LONG, _DOUBLE, _DATE, _TIME, _DATETIME = 0x06, 0x08, 0x05, 0x0A, 0x0B, 0x0C
_DECIMAL, _TEXT, _BLOB = 0xF6, 0xFD, 0xFC
_INTEGERS = {0x01: 1, 0x02: 2, 0x03: 4, 0x08: 8, 0x09: 4, 0x0D: 2}
"""Types of a value (enum_field_types) to bytes."""
_FLOATS = {0x04: "<f", 0x05: "<d"}
_MOMENTS = {0x07: _DATETIME, _DATE: _DATE, _DATETIME: _DATETIME}
_RETURNED = {0x00: _DECIMAL, _DECIMAL: _DECIMAL, **dict.fromkeys((0xF9, 0xFA, 0xFB, _BLOB), _BLOB)}
"""Types that come as strings to the type of their column; all else is text."""


def bound(
    packet: Octets, types: Sequence[int], nulls: int, pieces: Mapping[int, bytes] | None = None
) -> list[SqlBound]:
    """The values behind the types, as far as they can be told. ``nulls``: a bit for each that is NULL; ``pieces``:
    values that were sent before, which do not come again."""
    found: list[SqlBound] = []
    with contextlib.suppress(ValueError, KeyError, struct.error):
        for number, kind in enumerate(types):
            piece = (pieces or {}).get(number)
            if piece is not None:
                found.append(_text(piece, kind & 0xFF))
            elif nulls >> number & 1 or kind & 0xFF == _NULL:
                found.append(SqlBound(None, bytes([_NULL])))
            else:
                found.append(_value(packet, kind))
    return found


def sent(piece: bytes) -> SqlBound:
    """A value of a type that nobody told."""
    return _text(piece, _TEXT)


def named(values: Sequence[SqlBound]) -> dict[str, SqlParameter]:
    """As the statement's marks name them: ``?1``, ``?2``."""
    return {f"?{number}": SqlParameter(number, given=value) for number, value in enumerate(values, 1)}


def _value(packet: Octets, kind: int) -> SqlBound:
    code = kind & 0xFF
    if code in _INTEGERS:
        unsigned = bool(kind & _UNSIGNED)
        number = packet.number(_INTEGERS[code], signed=not unsigned)
        data = struct.pack("<Q" if unsigned else "<q", number)
        return SqlBound(number, bytes([_LONG_LONG, 32 * unsigned]), data)
    if code in _FLOATS:
        real = struct.unpack(_FLOATS[code], packet.next_bytes(struct.calcsize(_FLOATS[code])))[0]
        return SqlBound(f"{real:.15g}", bytes([_DOUBLE]), struct.pack("<d", real))
    if code in _MOMENTS or code == _TIME:
        data = packet.next_bytes(packet.number(1))
        told = _time(data) if code == _TIME else _moment(data, whole=code != _DATE)
        return SqlBound(told, bytes([_MOMENTS.get(code, _TIME)]), bytes([len(data)]) + data)
    return _text(mysql_auth.counted(packet), code)


def _text(data: bytes, code: int) -> SqlBound:
    return SqlBound(decoded(data), bytes([_RETURNED.get(code, _TEXT)]), mysql_auth.with_length(data))


def _moment(data: bytes, *, whole: bool) -> str:
    year, month, day, hour, minute, second, micros = struct.unpack("<HBBBBBI", data.ljust(11, b"\0"))
    date = f"{year:04}-{month:02}-{day:02}"
    return f"{date} {_clock(hour, minute, second, micros)}" if whole else date


def _time(data: bytes) -> str:
    minus, days, hour, minute, second, micros = struct.unpack("<BIBBBI", data.ljust(12, b"\0"))
    return f"{'-' if minus else ''}{_clock(24 * days + hour, minute, second, micros)}"


def _clock(hour: int, minute: int, second: int, micros: int) -> str:
    return f"{hour:02}:{minute:02}:{second:02}" + (f".{micros:06}" if micros else "")
