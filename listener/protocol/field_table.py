"""AMQP 0-9-1 field tables: what clients say about themselves (specification, section 4.2.5.5).

The letters of the types are RabbitMQ's, which every client follows, not the specification's: see
https://www.rabbitmq.com/amqp-0-9-1-errata, section 3.
"""

from __future__ import annotations

from typing import Any

from canaries.core.text import decoded
from listener.protocol.octets import Octets

_MOST_ENTRIES, _DEEPEST = 64, 4
_NUMBERS = {b"b": 1, b"B": 1, b"s": 2, b"u": 2, b"U": 2, b"I": 4, b"i": 4, b"l": 8, b"L": 8, b"T": 8}
_OPAQUE = {b"f": 4, b"d": 8, b"D": 5}
"""Letter to width. Floats and decimals are kept as their bytes."""


def read_field_table(body: Octets, depth: int = 0) -> dict[str, Any]:
    """The field table at which ``body`` stands, its length first, as what an entry can hold: no floats, no bytes.

    Raises ValueError on what is none, or is longer or deeper than any client's.
    """
    inner = Octets(body.next_bytes(body.number(4)), "big")
    found: dict[str, Any] = {}
    while inner.left:
        name = decoded(inner.next_bytes(inner.number(1)))
        found[name] = _value(inner, depth)
        if len(found) > _MOST_ENTRIES:
            raise ValueError("the table is too long")
    return found


def _value(body: Octets, depth: int) -> Any:
    """One value; types as RabbitMQ reads them (https://www.rabbitmq.com/amqp-0-9-1-errata, section 3)."""
    kind = body.next_bytes(1)
    if kind == b"t":
        return bool(body.number(1))
    if kind in _NUMBERS:
        return body.number(_NUMBERS[kind], signed=kind in b"bsIlUL")
    if kind in _OPAQUE:
        return body.next_bytes(_OPAQUE[kind]).hex()
    if kind in (b"S", b"x"):
        return decoded(body.next_bytes(body.number(4)))
    if kind == b"V":
        return None
    if depth >= _DEEPEST:
        raise ValueError("too deep")
    if kind == b"F":
        return read_field_table(body, depth + 1)
    if kind == b"A":
        inner = Octets(body.next_bytes(body.number(4)), "big")
        items: list[Any] = []
        while inner.left and len(items) < _MOST_ENTRIES:
            items.append(_value(inner, depth + 1))
        return items
    raise ValueError("no type of a field")
