"""PostgreSQL's values on the wire: rows, columns and parameters, in text and binary form ("Message Formats")."""

from __future__ import annotations

import csv
import struct
import uuid
from collections.abc import Iterator, Sequence

from listener.protocol.octets import Octets
from listener.wire_proxy.recogniser import WireColumn

_INTEGERS = {21: 2, 23: 4, 20: 8}
_UUID = 2950
_NO_TEXT = frozenset(
    {16, 17, 20, 21, 23, 26, 700, 701, 790, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 28, 29, 22, 30, 2950}
)
"""Types whose values are no bait (pg_type.dat): numbers, times, booleans, bytes, UUIDs."""
COPY_HEAD = b"PGCOPY\n\xff\r\n\0"


def as_text(raw: bytes) -> str | None:
    """A value in text form, or of a type whose binary form is the text."""
    return raw.decode("utf-8", "replace")


def _as_integer(raw: bytes) -> str | None:
    return str(int.from_bytes(raw, "big", signed=True)) if len(raw) in (2, 4, 8) else None


def _as_uuid(raw: bytes) -> str | None:
    return str(uuid.UUID(bytes=bytes(raw))) if len(raw) == 16 else None


def column(name: str, place: str, kind: int, form: int) -> WireColumn:
    """A column of a type, in text (0) or binary form (1)."""
    read = as_text
    if form == 1 and kind in _INTEGERS:
        read = _as_integer
    elif form == 1 and kind == _UUID:
        read = _as_uuid
    return WireColumn(name, place, kind not in _NO_TEXT, read)


def described(body: bytes, database: str) -> list[tuple[str, str, int, int]]:
    """RowDescription: (name, place, type, form) of each column. Raises ValueError."""
    packet = Octets(body, "big")
    found = []
    for _ in range(packet.number(2)):
        name = packet.text().decode("utf-8", "replace")
        table, number, kind = packet.number(4), packet.number(2), packet.number(4)
        packet.next_bytes(6)
        place = f"{database}/{table}/{number}" if table else ""
        found.append((name, place, kind, packet.number(2)))
    return found


def row(body: bytes) -> list[bytes | None]:
    """DataRow, or a tuple of binary COPY: its values as far as they are whole."""
    values: list[bytes | None] = []
    place, size = 2, len(body)
    for _ in range(int.from_bytes(body[:2], "big")):
        if place + 4 > size:
            break
        length = int.from_bytes(body[place : place + 4], "big")
        place += 4
        if length == 0xFFFFFFFF:
            values.append(None)
            continue
        values.append(body[place : place + length])
        place += length
    return values


def parameters(body: bytes) -> tuple[str, str, list[str | None], list[int]]:
    """Bind: (portal, statement, values as text, forms of the result's columns). Raises ValueError.

    Without the parameters' types a binary value of 2, 4 or 8 bytes is read as a number, one of 16 as a UUID, where it
    is no text.
    """
    packet = Octets(body, "big")
    portal, statement = (packet.text().decode("utf-8", "replace") for _ in range(2))
    forms = [packet.number(2) for _ in range(packet.number(2))]
    values: list[str | None] = []
    for number in range(packet.number(2)):
        length = packet.number(4, signed=True)
        raw = packet.next_bytes(length) if length >= 0 else None
        form = forms[0] if len(forms) == 1 else forms[number] if number < len(forms) else 0
        values.append(None if raw is None else _guessed(raw) if form == 1 else as_text(raw))
    results = [packet.number(2) for _ in range(packet.number(2))]
    return portal, statement, values, results


def _guessed(raw: bytes) -> str | None:
    plain = raw.isascii() and raw.decode("ascii").isprintable()
    if not plain and len(raw) in (2, 4, 8):
        return _as_integer(raw)
    if not plain and len(raw) == 16:
        return _as_uuid(raw)
    return as_text(raw)


def copied_rows(data: bytes) -> Iterator[list[bytes | None]]:
    """Rows of COPY in text form, or with commas: the values, NULL where the text form says so."""
    for line in data.splitlines():
        if b"\t" in line or b"," not in line:
            yield [None if one == b"\\N" else _unescaped(one) for one in line.split(b"\t")]
        else:
            cells = next(csv.reader([line.decode("utf-8", "surrogateescape")]), [])
            yield [one.encode("utf-8", "surrogateescape") for one in cells]


def _unescaped(raw: bytes) -> bytes:
    return raw.replace(b"\\\\", b"\\") if b"\\" in raw else raw


def binary_rows(data: bytes) -> Iterator[list[bytes | None]]:
    """Rows of binary COPY in one message: the head of the stream is passed over, the end has no row."""
    place = 0
    if data.startswith(COPY_HEAD):
        place = len(COPY_HEAD) + 8 + int.from_bytes(data[len(COPY_HEAD) + 4 : len(COPY_HEAD) + 8], "big")
    if len(data) - place >= 2 and data[place : place + 2] != b"\xff\xff":
        yield row(data[place:])


def as_copied(raw: bytes) -> str | None:
    """A value of binary COPY, whose type is not known."""
    return _guessed(raw)


def startup(body: bytes) -> dict[str, str]:
    """StartupMessage behind its version: name to value. Raises ValueError."""
    parts = body.split(b"\0")
    names: Sequence[bytes] = parts[:-2] if len(parts) > 2 else ()
    pairs = zip(names[::2], names[1::2], strict=False)
    return {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in pairs}


def tag_rows(body: bytes) -> int:
    """How many rows CommandComplete names."""
    last = body.rstrip(b"\0").rpartition(b" ")[2]
    return int(last) if last.isdigit() and len(last) < 19 else 0


def version(body: bytes) -> int:
    """The code at the start of a message that has no type."""
    return int(struct.unpack_from(">I", body)[0])
