"""A small result as each of three servers sends it: PostgreSQL's messages, MySQL's packets, TDS tokens.

PostgreSQL "Message Formats" (T, D); MySQL "Text Resultset"; [MS-TDS] 2.2.7.4 COLMETADATA and 2.2.7.19 ROW. Texts and
integers only, which is all that `listener.protocol.sql_answers` gives.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from canaries.core.text import decoded
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlRows

_TEXT_OID, _INT_OID = 25, 23
_COLLATION = bytes.fromhex("0904d00034")
"""SQL_Latin1_General_CP1_CI_AS."""


def _is_integer(found: SqlRows, column: int) -> bool:
    return all(isinstance(row[column], int) for row in found.rows) and bool(found.rows)


def postgres_description(found: SqlRows) -> bytes:
    """Body of RowDescription."""
    body = struct.pack(">H", len(found.columns))
    for number, name in enumerate(found.columns):
        whole = _is_integer(found, number)
        oid, size = (_INT_OID, 4) if whole else (_TEXT_OID, -1)
        body += name.encode("utf-8", "replace") + b"\0" + struct.pack(">IHIhih", 0, 0, oid, size, -1, 0)
    return body


def postgres_rows(found: SqlRows, formats: Sequence[int] = ()) -> Iterator[bytes]:
    """Body of each DataRow; ``formats``: of the columns as Bind asks for them, 1 is binary."""
    for row in found.rows:
        body = struct.pack(">H", len(row))
        for number, value in enumerate(row):
            wanted = formats[number if len(formats) > 1 else 0] if formats else 0
            if value is None:
                body += struct.pack(">i", -1)
                continue
            whole = isinstance(value, int) and wanted == 1 and abs(value) < 1 << 31
            data = struct.pack(">i", value) if whole else str(value).encode("utf-8", "replace")
            body += struct.pack(">i", len(data)) + data
        yield body


def postgres_bound(body: Octets, most: int, longest: int) -> tuple[list[str], list[int]]:
    """The values of a Bind message, binary ones as their bytes, and the formats that it wants its columns in.

    ``most`` values are read, ``longest`` bytes of each kept.
    """
    body.text()
    body.text()
    body.next_bytes(2 * body.number(2))
    values, count = [], body.number(2)
    for _ in range(min(count, most)):
        size = body.number(4, signed=True)
        if size >= 0:
            values.append(decoded(body.next_bytes(size)[:longest]))
    if count > most or body.left < 2:
        return values, []
    return values, [body.number(2) for _ in range(min(body.number(2), body.left // 2))]


def mysql_columns(found: SqlRows) -> list[bytes]:
    """A definition of each column."""
    packets = []
    for number, name in enumerate(found.columns):
        kind, charset = (0x08, 63) if _is_integer(found, number) else (0xFD, 255)
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


def _text_row(row: Sequence[str | int | None], found: SqlRows) -> bytes:
    return b"".join(
        b"\xfb" if value is None else _counted(str(value).encode("utf-8", "replace")) for value in row
    )


def _binary_row(row: Sequence[str | int | None], found: SqlRows) -> bytes:
    """A bit for each column that is null, two bits further on; integers as eight bytes."""
    bitmap, values = 0, b""
    for number, value in enumerate(row):
        if value is None:
            bitmap |= 1 << number + 2
        elif _is_integer(found, number):
            values += struct.pack("<q", value)
        else:
            values += _counted(str(value).encode("utf-8", "replace"))
    return b"\0" + bitmap.to_bytes((len(row) + 9) // 8, "little") + values


def _counted(data: bytes) -> bytes:
    return _counted_number(len(data)) + data


def _counted_number(number: int) -> bytes:
    return bytes([number]) if number < 0xFB else b"\xfc" + struct.pack("<H", number & 0xFFFF)


def tds_tokens(found: SqlRows) -> bytes:
    """COLMETADATA and a ROW each."""
    out = struct.pack("<BH", 0x81, len(found.columns))
    whole = [_is_integer(found, number) for number in range(len(found.columns))]
    for name, integer in zip(found.columns, whole, strict=True):
        data = name.encode("utf-16-le", "replace")[:256]
        kind = b"\x26\x08" if integer else b"\xe7" + struct.pack("<H", 8000) + _COLLATION
        out += struct.pack("<IH", 0, 9) + kind + bytes([len(data) // 2]) + data
    for row in found.rows:
        out += b"\xd1"
        for value, integer in zip(row, whole, strict=True):
            if integer:
                out += b"\x08" + struct.pack("<q", value)
            elif value is None:
                out += b"\xff\xff"
            else:
                data = str(value).encode("utf-16-le", "replace")[:8000]
                out += struct.pack("<H", len(data)) + data
    return out
