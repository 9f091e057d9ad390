"""Values of [MS-TDS] as a client binds them: TYPE_INFO and TYPE_VARBYTE (sections 2.2.5.4 to 2.2.5.6).

What is read is kept as it came as well, so that a result can return it in its own type.
"""

from __future__ import annotations

import contextlib
import datetime
import struct
import uuid

from canaries.core.text import decoded
from listener.protocol.octets import Octets
from listener.protocol.sql_values import SqlBound

_FIXED = {
    0x1F: 0, 0x30: 1, 0x32: 1, 0x34: 2, 0x38: 4, 0x3A: 4, 0x3B: 4, 0x3C: 8, 0x3D: 8, 0x3E: 8, 0x7A: 4, 0x7F: 8,
}  # fmt: skip
"""Types of one length, to that."""
_SHORT = frozenset({0x24, 0x26, 0x68, 0x6D, 0x6E, 0x6F, 0x2F, 0x27, 0x2D, 0x25})
_DECIMALS = frozenset({0x37, 0x3F, 0x6A, 0x6C})
_SCALED = frozenset({0x29, 0x2A, 0x2B})
_TEXTS = frozenset({0xA7, 0xAF, 0xE7, 0xEF})
_BYTES = frozenset({0xA5, 0xAD})
_LARGE = frozenset({0x22, 0x23, 0x63})
"""``image``, ``text``, ``ntext``, whose values have four bytes of length here, and more in a result."""
_DATE, _XML, _MAX = 0x28, 0xF1, 0xFFFF
_WIDE = frozenset({0xE7, 0xEF, 0x63})
_INTEGERS = frozenset({0x26, 0x30, 0x34, 0x38, 0x7F})
_MOST_CHUNKS = 4096
_FIRST_DAY, _NEW_YEAR_1900 = datetime.date(1, 1, 1), datetime.date(1900, 1, 1)


def value_of(source: Octets) -> SqlBound:
    """The next parameter's. Raises ValueError on a type that is not known, and where the message ends too early."""
    begin = source.at
    kind = source.number(1)
    scale, whole = 0, False
    """Digits behind the point; whether the value comes in chunks."""
    if kind in _SHORT or kind in _DECIMALS:
        source.number(1)
        scale = source.next_bytes(2)[1] if kind in _DECIMALS else 0
    elif kind in _SCALED:
        scale = source.number(1)
    elif kind in _TEXTS or kind in _BYTES:
        whole = source.number(2) == _MAX
        source.next_bytes(5 if kind in _TEXTS else 0)
    elif kind in _LARGE:
        source.next_bytes(4 if kind == 0x22 else 9)
    elif kind == _XML:
        whole = True
        if source.number(1):
            raise ValueError("a value with a schema")
    elif kind != _DATE and kind not in _FIXED:
        raise ValueError("no type of a parameter")
    described = source.slice(begin, source.at - begin)
    begin = source.at
    data = _chunks(source) if whole else _data(source, kind)
    kept = b"" if kind in _LARGE else source.slice(begin, source.at - begin)
    told: str | int | None = None if data is None else "0x" + data.hex().upper()
    with contextlib.suppress(ValueError, OverflowError, IndexError, struct.error):  # lengths that no type has
        told = None if data is None else _read(kind, data, scale)
    return SqlBound(told, b"" if kind in _LARGE else described, kept)


def _data(source: Octets, kind: int) -> bytes | None:
    if kind in _FIXED:
        return source.next_bytes(_FIXED[kind]) or None
    if kind in _TEXTS or kind in _BYTES:
        size = source.number(2)
        return None if size == _MAX else source.next_bytes(size)
    if kind in _LARGE:
        size = source.number(4, signed=True)
        return None if size < 0 else source.next_bytes(size)
    size = source.number(1)
    return source.next_bytes(size) if size or kind in (0x2F, 0x27, 0x2D, 0x25) else None


def _chunks(source: Octets) -> bytes | None:
    """Partially length-prefixed (section 2.2.5.2.3)."""
    if source.number(8) == (1 << 64) - 1:
        return None
    found = b""
    for _ in range(_MOST_CHUNKS):
        size = source.number(4)
        if not size:
            return found
        found += source.next_bytes(size)
    raise ValueError("too many chunks")


def _read(kind: int, data: bytes, scale: int) -> str | int:
    """As an expression reads it."""
    if kind in _INTEGERS:
        return int.from_bytes(data, "little", signed=len(data) > 1)
    if kind in (0x32, 0x68):
        return int(data[0] != 0)
    if kind in (0x3B, 0x3E, 0x6D):
        return f"{struct.unpack('<f' if len(data) == 4 else '<d', data)[0]:.15g}"
    if kind in _DECIMALS:
        sign = "" if data[0] else "-"
        return sign + _point(int.from_bytes(data[1:], "little"), scale)
    if kind in (0x3C, 0x7A, 0x6E):
        number = int.from_bytes(data[4:] + data[:4] if len(data) == 8 else data, "little", signed=True)
        return ("-" if number < 0 else "") + _point(abs(number), 4)
    if kind == 0x24:
        return str(uuid.UUID(bytes_le=data)).upper()
    if kind in _TEXTS or kind in (0x27, 0x2F, 0x23, 0x63, _XML):
        wide = kind in _WIDE or kind == _XML
        return data[: len(data) & ~1].decode("utf-16-le", "backslashreplace") if wide else decoded(data)
    if kind in _SCALED or kind in (_DATE, 0x3A, 0x3D, 0x6F):
        return _time(kind, data, scale)
    return "0x" + data.hex().upper()


def _point(number: int, scale: int) -> str:
    digits = f"{number:0{scale + 1}}"
    return f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits


def _time(kind: int, data: bytes, scale: int) -> str:
    if kind == _DATE:
        return _day(data)
    if kind in _SCALED:
        behind = {0x29: 0, 0x2A: 3, 0x2B: 5}[kind]
        clock = _clock(int.from_bytes(data[: len(data) - behind], "little"), 10**scale, scale)
        if not behind:
            return clock
        rest = data[len(data) - behind :]
        zone = int.from_bytes(rest[3:], "little", signed=True)
        told = f" {'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}" if kind == 0x2B else ""
        return f"{_day(rest[:3])} {clock}{told}"
    if len(data) == 4:
        days, minutes = struct.unpack("<HH", data)
        return f"{_NEW_YEAR_1900 + datetime.timedelta(days)} {_clock(minutes * 60, 1, 0)}"
    days, ticks = struct.unpack("<iI", data)
    return f"{_NEW_YEAR_1900 + datetime.timedelta(days)} {_clock((ticks * 10 + 1) // 3, 1000, 3)}"


def _day(data: bytes) -> str:
    return str(_FIRST_DAY + datetime.timedelta(int.from_bytes(data, "little")))


def _clock(count: int, a_second: int, scale: int) -> str:
    seconds, part = divmod(count, a_second)
    told = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{told}.{part:0{scale}}" if scale else told
