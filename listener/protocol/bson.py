"""BSON, as far as MongoDB's handshake and commands need it (bsonspec.org, version 1.1).

Own and small: what a visitor sends is bounded in depth and count, and every type becomes something that can be written
down. Documents are dicts in the order of the wire; of two equal keys the last one counts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from listener.protocol.octets import Octets, ShortError

_DEEPEST = 32
_MOST = 20_000
"""Elements of a document, over all levels."""
_LARGEST = 1 << 24
"""maxBsonObjectSize."""


class Int64(int):
    """An integer of 64 bits, however small it is."""


@dataclass(frozen=True, slots=True)
class Millis:
    """A UTC datetime: milliseconds since the epoch."""

    value: int


@dataclass(frozen=True, slots=True)
class ObjectId:
    """Twelve bytes that name a thing."""

    value: bytes


def encode(document: dict[str, Any]) -> bytes:
    """``document`` of dicts, lists, str, bytes, bool, int, `Int64`, float, None, `Millis` and `ObjectId`.

    Raises TypeError.
    """
    body = b"".join(_element(name, value) for name, value in document.items())
    return struct.pack("<I", len(body) + 5) + body + b"\0"


def _element(name: str, value: Any) -> bytes:
    kind, body = _value(value)
    return kind + name.encode() + b"\0" + body


def _value(value: Any) -> tuple[bytes, bytes]:
    match value:
        case bool():
            return b"\x08", bytes([value])
        case int() if -(1 << 31) <= value < 1 << 31 and not isinstance(value, Int64):
            return b"\x10", struct.pack("<i", value)
        case int():
            return b"\x12", struct.pack("<q", value)
        case float():
            return b"\x01", struct.pack("<d", value)
        case str():
            text = value.encode()
            return b"\x02", struct.pack("<I", len(text) + 1) + text + b"\0"
        case bytes():
            return b"\x05", struct.pack("<IB", len(value), 0) + value
        case dict():
            return b"\x03", encode(value)
        case list():
            return b"\x04", encode({str(index): item for index, item in enumerate(value)})
        case None:
            return b"\x0a", b""
        case Millis(millis):
            return b"\x09", struct.pack("<q", millis)
        case ObjectId(name):
            return b"\x07", name
    raise TypeError(f"no BSON for {type(value).__name__}")


def decode(source: Octets) -> dict[str, Any]:
    """The next document. Raises ValueError on what is none, is too deep or has too many elements."""
    return dict(_elements(source, _DEEPEST, _Count(_MOST)))


class _Count:
    """Elements that may still come."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise ValueError("too many elements")


def _elements(source: Octets, depth: int, count: _Count) -> Iterator[tuple[str, Any]]:
    size = source.number(4)
    if not depth or not 5 <= size <= _LARGEST:
        raise ValueError("no document")
    inner = Octets(source.next_bytes(size - 4))
    while kind := inner.number(1):
        count.spend()
        name = decoded(inner.text())
        yield name, _read(kind, inner, depth - 1, count)
    if inner.left:
        raise ValueError("a document that ends twice")


def _read(kind: int, source: Octets, depth: int, count: _Count) -> Any:
    match kind:
        case 0x01:
            return struct.unpack("<d", source.next_bytes(8))[0]
        case 0x02 | 0x0D | 0x0E:  # string, code, symbol
            return _text(source)
        case 0x03:
            return dict(_elements(source, depth, count))
        case 0x04:
            return [item for _, item in _elements(source, depth, count)]
        case 0x05:
            size = source.number(4)
            subtype = source.number(1)
            data = source.next_bytes(size)
            return data[4:] if subtype == 2 else data  # subtype 2 repeats its length
        case 0x06 | 0x0A | 0xFF | 0x7F:  # undefined, null, min and max key
            return None
        case 0x07:
            return source.next_bytes(12).hex()
        case 0x08:
            return source.number(1) != 0
        case 0x09:
            return Millis(source.number(8, signed=True))
        case 0x0B:
            return f"/{decoded(source.text())}/{decoded(source.text())}"
        case 0x0C:
            return [_text(source), source.next_bytes(12).hex()]
        case 0x0F:
            source.next_bytes(4)
            return [_text(source), dict(_elements(source, depth, count))]
        case 0x10:
            return source.number(4, signed=True)
        case 0x11 | 0x12:
            return source.number(8, signed=True)
        case 0x13:
            return source.next_bytes(16).hex()
    raise ValueError(f"no element type {kind}")


def _text(source: Octets) -> str:
    size = source.number(4)
    if not size:
        raise ShortError("a string has a NUL at least")
    return decoded(source.next_bytes(size)[:-1])


def plain_value(value: Any, depth: int = 8) -> Any:
    """The same to be written down: no floats, no bytes, no dates, not too deep."""
    match value:
        case dict() if depth:
            return {str(name): plain_value(item, depth - 1) for name, item in value.items()}
        case list() if depth:
            return [plain_value(item, depth - 1) for item in value]
        case bytes():
            return decoded(value)
        case None | bool() | int() | str():
            return value
        case Millis(millis):
            return millis
        case float():
            return repr(value)
    return "..."
