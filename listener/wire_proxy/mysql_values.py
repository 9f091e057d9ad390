"""MySQL's values on the wire: columns, rows in text and binary form, parameters ("Text" and "Binary Resultset")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from listener.protocol.mysql_auth import counted
from listener.protocol.octets import Octets
from listener.wire_proxy.recogniser import WireColumn

_WIDTHS = {0x01: 1, 0x02: 2, 0x03: 4, 0x08: 8, 0x09: 4, 0x0D: 2}
"""TINY, SHORT, LONG, LONGLONG, INT24, YEAR."""
_FLOATS = {0x04: 4, 0x05: 8}
_TIMES = frozenset({0x07, 0x0A, 0x0B, 0x0C, 0x0E, 0x11, 0x12, 0x13})
_NULL = 0x06
_UNSIGNED = 0x20
_BIT, _DECIMAL, _NEWDECIMAL = 0x10, 0x00, 0xF6
_NO_TEXT = {*_WIDTHS, *_FLOATS, *_TIMES, _BIT, _DECIMAL, _NEWDECIMAL, _NULL}


@dataclass(frozen=True, slots=True)
class MysqlColumn:
    """A column of an answer."""

    shown: WireColumn
    kind: int
    unsigned: bool


def as_text(raw: bytes) -> str | None:
    """A value as text."""
    return raw.decode("utf-8", "replace")


def column(body: bytes) -> MysqlColumn:
    """Protocol::ColumnDefinition41. Raises ValueError."""
    packet = Octets(body)
    counted(packet)
    schema, _, table, name, original = (as_text(counted(packet)) or "" for _ in range(5))
    packet.next_bytes(1 + 2 + 4)
    kind, flags = packet.number(1), packet.number(2)
    place = f"{schema}.{table}.{original}".lower() if table else ""
    return MysqlColumn(WireColumn(name, place, kind not in _NO_TEXT, as_text), kind, bool(flags & _UNSIGNED))


def text_row(body: bytes, count: int) -> list[bytes | None]:
    """Of ``count`` columns, as far as they are whole."""
    values: list[bytes | None] = []
    place, size = 0, len(body)
    while place < size and len(values) < count:
        length = body[place]
        place += 1
        if length == 0xFB:
            values.append(None)
            continue
        if length > 0xFB:
            width = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(length, 0)
            length = int.from_bytes(body[place : place + width], "little")
            place += width
        values.append(body[place : place + length])
        place += length
    return values


def binary_row(body: bytes, columns: Sequence[MysqlColumn]) -> list[bytes | None]:
    """Values as the text form would have them; of fractions and times nothing. Raises ValueError."""
    packet = Octets(body)
    packet.next_bytes(1)
    nulls = packet.next_bytes((len(columns) + 7 + 2) // 8)
    values: list[bytes | None] = []
    for number, one in enumerate(columns):
        at = number + 2
        values.append(
            None if nulls[at // 8] >> at % 8 & 1 else _binary(packet, one.kind, unsigned=one.unsigned)
        )
    return values


def _binary(packet: Octets, kind: int, *, unsigned: bool) -> bytes | None:
    if (width := _WIDTHS.get(kind)) is not None:
        return str(packet.number(width, signed=not unsigned)).encode()
    if (width := _FLOATS.get(kind)) is not None:
        packet.next_bytes(width)
        return None
    if kind in (0x07, 0x0A, 0x0B, 0x0C):
        packet.next_bytes(packet.number(1))
        return None
    return None if kind == _NULL else counted(packet)


def parameters(body: bytes, count: int, types: list[tuple[int, bool]]) -> list[str | None]:
    """COM_STMT_EXECUTE behind the statement's number, with ``count`` parameters; ``types`` are kept for the next time.

    Raises ValueError.
    """
    packet = Octets(body)
    packet.next_bytes(1 + 4)
    if not count:
        return []
    nulls = packet.next_bytes((count + 7) // 8)
    if packet.number(1):
        types[:] = [(packet.number(1), bool(packet.number(1) & 0x80)) for _ in range(count)]
    values: list[str | None] = []
    for number, (kind, unsigned) in enumerate(types[:count]):
        if nulls[number // 8] >> number % 8 & 1:
            values.append(None)
            continue
        raw = _binary(packet, kind, unsigned=unsigned)
        values.append(None if raw is None else as_text(raw))
    return values


def affected(body: bytes) -> int:
    """Of an OK packet: how many rows a statement changed. Raises ValueError."""
    packet = Octets(body[1:])
    first = packet.number(1)
    if first < 0xFB:
        return first
    return packet.number({0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0))


def status(body: bytes) -> int:
    """Of an OK packet or an EOF packet: the flags of the server's status. Raises ValueError."""
    packet = Octets(body)
    packet.next_bytes(1)
    if body[:1] == b"\xfe" and len(body) == 5:
        packet.next_bytes(2)
        return packet.number(2)
    for _ in range(2):
        first = packet.number(1)
        packet.next_bytes({0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0))
    return packet.number(2)
