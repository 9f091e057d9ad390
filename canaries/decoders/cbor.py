"""Strings of CBOR (RFC 8949): a short one's length is a letter that stands right before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer

_BYTES, _TEXT, _ARRAY, _TAG, _SIMPLE = 2, 3, 4, 6, 7
"""Major types (section 3.1)."""
_BREAK, _INDEFINITE = 0xFF, 31
_STREAMS = re.compile(rb"[\x5f\x7f](?=[\x41-\x59\x61-\x79])")
"""How a string of unknown length begins, and the first of its pieces (section 3.2.3)."""
_EACH = 400
"""Work of one item."""
_EACH_PIECE = 200
"""Work of one piece of a string of unknown length, beside its bytes."""
_SHORTEST = 8


class CborDecoder(Decoder):
    """``{"key": "..."}`` of WebAuthn, COSE, CoAP and many devices."""

    name = "cbor"
    binary = True
    cost = 1

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"\xff" in data:
            for whole in _in_pieces(data, found):
                found.add(whole, whole)
        if (
            not data or data[0] >> 5 < _ARRAY or data[0] >> 5 == _SIMPLE
        ):  # no map, list or tag: anything begins like that
            return
        for value in _strings(data, found):
            found.add(value, value)


def _in_pieces(data: bytes, found: Found) -> Iterator[bytes]:
    """Strings of unknown length, wherever they stand: two pieces or more, and a break behind them.

    Where pieces once stood that led to no break, none is looked for again: the same would follow.
    """
    dead: set[int] = set()
    for start in _STREAMS.finditer(data):
        if not found.room or not found.spend(_EACH):
            return
        pieces, heads, at = list[bytes](), list[int](), start.end()
        while at + 2 < len(data) and data[at] >> 5 in (_BYTES, _TEXT) and (more := data[at] & 31) <= 25:
            width = 0 if more < 24 else 1 << more - 24
            size = int.from_bytes(data[at + 1 : at + 1 + width], "big") if width else more
            if at in dead or not found.spend(_EACH_PIECE + size // 16):
                break
            heads.append(at)
            at += 1 + width
            pieces.append(data[at : at + size])
            at += size
        if data[at : at + 1] != bytes([_BREAK]):
            dead.update(heads)
        elif len(pieces) > 1:
            yield b"".join(pieces)


def _strings(data: bytes, found: Found) -> list[bytes]:
    """All of them, in the order in which they stand; none where something else than whole items is there.

    What is nested need not be known: heads and strings stand one behind the other (section 3).
    """
    values: list[bytes] = []
    pieces: list[bytes] | None = None
    at = 0
    while at < len(data):
        if not found.spend(_EACH):
            return []
        first = data[at]
        kind, more = first >> 5, first & 31
        at += 1
        if first == _BREAK:
            if pieces is not None:
                values.append(b"".join(pieces))
                pieces = None
            continue
        if more == _INDEFINITE:
            if kind in (_BYTES, _TEXT) and pieces is None:
                pieces = []
            elif kind in (0, 1, _TAG, _BYTES, _TEXT):
                return []
            continue
        if more > 27:
            return []
        width = 0 if more < 24 else 1 << more - 24
        size = int.from_bytes(data[at : at + width], "big") if width else more
        at += width
        if kind in (_BYTES, _TEXT):
            value = data[at : at + size]
            at += size
            if pieces is not None:
                pieces.append(value)
            elif size >= _SHORTEST:
                values.append(value)
    return values if at == len(data) else []
