"""Entities that a document declares."""

from __future__ import annotations

import html
from collections.abc import Callable

from canaries.decoders import DecodingBudget, DecodingLimits, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "declared entities": lambda data: (
        b'<!DOCTYPE a [<!ENTITY p "%s">\n<!ENTITY q "%s">]><a>&p;&q;</a>'
        % tuple(html.escape(part.decode()).encode() for part in (data[:9], data[9:]))
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"declared entities"}


def test_a_billion_laughs_cost_no_more_than_the_room() -> None:
    data = b'<!ENTITY a0 "Zk39aXQ7vT2mLw8RtYb4">' + b"".join(
        b'<!ENTITY a%d "%s">' % (level + 1, b"&a%d;" % level * 100) for level in range(10)
    )
    data += b"<a>&a10;</a>"
    budget = DecodingBudget(DecodingLimits(produced=200_000, produced_each=0), len(data))
    assert sum(len(layer.data) for layer in unwrap(data, budget) if layer.way) <= 200_000
    assert "bytes" in budget.reached
