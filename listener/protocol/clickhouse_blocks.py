"""A small result as ClickHouse's native protocol sends it: blocks of columns, uncompressed (revision 54429).

Data packets (a head without rows first), then the end of the stream, as in ClickHouse's "Native protocol, server
packets". Numbers below 256 are UInt8, as of a constant, others Int64; all else is String, or Nullable(Nothing).
"""

from __future__ import annotations

import struct

from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlValue

_DATA, _END = 1, 5
_INFO = b"\x01\0\x02\xff\xff\xff\xff\0"
"""BlockInfo: no overflow, no bucket."""
END_OF_STREAM = bytes([_END])


def number(value: int) -> bytes:
    """LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def string(text: str) -> bytes:
    """Behind its length."""
    data = text.encode("utf-8", "replace")
    return number(len(data)) + data


def result(found: SqlRows) -> bytes:
    """All packets of a result."""
    columns = [[row[at] for row in found.rows] for at in range(len(found.columns))]
    kinds = [_kind(values) for values in columns]
    empty = _block(found.columns, kinds, [[] for _ in columns])
    filled = _block(found.columns, kinds, columns) if found.rows else b""
    return empty + filled + END_OF_STREAM


def _kind(values: list[SqlValue]) -> str:
    if values and all(isinstance(value, int) for value in values):
        return "UInt8" if all(0 <= value < 256 for value in values if isinstance(value, int)) else "Int64"
    return "Nullable(Nothing)" if values and not any(isinstance(value, str) for value in values) else "String"


def _block(names: tuple[str, ...], kinds: list[str], columns: list[list[SqlValue]]) -> bytes:
    rows = len(columns[0]) if columns else 0
    out = bytes([_DATA]) + string("") + _INFO + number(len(names)) + number(rows)
    for name, kind, values in zip(names, kinds, columns, strict=True):
        out += string(name) + string(kind) + b"".join(_cell(kind, value) for value in values)
        if kind == "Nullable(Nothing)":
            out += b"0" * len(values)  # behind the map of what is null
    return out


def _cell(kind: str, value: SqlValue) -> bytes:
    if kind == "UInt8" and isinstance(value, int):
        return bytes([value])
    if kind == "Int64" and isinstance(value, int):
        return struct.pack("<q", value)
    return b"\x01" if kind == "Nullable(Nothing)" else string(value if isinstance(value, str) else "")
