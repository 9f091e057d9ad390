"""Strings of protocol buffers, which are cut by lengths alone, and of the frames that gRPC and gRPC-Web put them in.

https://protobuf.dev/programming-guides/encoding/ and gRPC's PROTOCOL-HTTP2.md, *Length-Prefixed-Message*.
"""

from __future__ import annotations

from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer

_VARINT, _FIXED64, _STRING, _FIXED32 = 0, 1, 2, 5
"""Wire types."""
_DEEPEST = 8
_EACH = 400
"""Work of one field."""
_SHORTEST = 8
_FRAME = 5
_FRAME_MARKS = (b"\0", b"\1", b"\x80")
"""A message, a compressed one, the trailers of gRPC-Web."""


class ProtobufDecoder(Decoder):
    """A message, or frames of gRPC."""

    name = "protobuf"
    binary = True
    cost = 1

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        frames = list(_frames(data)) if data[:1] in _FRAME_MARKS else []
        for message in frames or [data]:
            values = _strings(message, found, _DEEPEST)
            for value in (message,) if values is None else values:
                found.add(value, value)


def _frames(data: bytes) -> Iterator[bytes]:
    at = 0
    while len(data) - at > _FRAME and data[at : at + 1] in _FRAME_MARKS:
        size = int.from_bytes(data[at + 1 : at + _FRAME], "big")
        at += _FRAME
        if size > len(data) - at:
            return
        yield data[at : at + size]
        at += size


def _strings(data: bytes, found: Found, depth: int) -> list[bytes] | None:
    """Of a message, those of the messages in it as well; None where it is no message, throughout."""
    values: list[bytes] = []
    at = 0
    while at < len(data):
        if not found.spend(_EACH):
            return None
        tag, at = _varint(data, at)
        kind = tag & 7
        if tag < 8 or tag >> 3 > 0x1FFFFFFF:
            return None
        if kind == _VARINT:
            _, at = _varint(data, at)
        elif kind == _FIXED64:
            at += 8
        elif kind == _FIXED32:
            at += 4
        elif kind == _STRING:
            size, at = _varint(data, at)
            if at + size > len(data):
                return None
            if size >= _SHORTEST:
                value = data[at : at + size]
                values.append(value)
                values += (_strings(value, found, depth - 1) if depth else None) or ()
            at += size
        else:
            return None
    return values if at == len(data) else None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Its value, and where it ends: behind the data where it is cut off."""
    value = 0
    for number in range(10):
        if at >= len(data):
            return 0, len(data) + 1
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << 7 * number
        if byte < 0x80:
            return value, at
    return 0, len(data) + 1
