"""Strings of MessagePack: the number that follows one may be a letter, and so its end not be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canaries.decoders import Decoder, Found, Layer

_COLLECTIONS = {bytes([first]) for first in (*range(0x80, 0xA0), *range(0xDC, 0xE0))}
"""How maps and arrays begin."""
_SHORTEST = 8
_MOST = 20_000
_EACH = 40
"""Work of reading a byte: it may be an object of its own."""


class MessagePackDecoder(Decoder):
    """``["...", 65]``: Fluentd, Redis scripts, Laravel, SignalR."""

    name = "messagepack"
    binary = True
    cost = 1

    def decode(self, layer: Layer, found: Found) -> None:
        if layer.data[:1] not in _COLLECTIONS:  # anything else begins like that
            return
        if len(layer.data) > found.room or not found.spend(_EACH * len(layer.data)):
            return
        import msgspec

        try:
            read = msgspec.msgpack.decode(layer.data)
        except (msgspec.MsgspecError, RecursionError, ValueError, TypeError):
            return
        for number, value in enumerate(_strings(read)):
            if number >= _MOST:
                found.note("fields")
                return
            found.add(value, value)


def _strings(read: Any) -> Iterator[bytes]:
    waiting = [read]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.values(), *one]
        elif isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, str | bytes) and len(one) >= _SHORTEST:
            yield one.encode("utf-8", "surrogatepass") if isinstance(one, str) else one
