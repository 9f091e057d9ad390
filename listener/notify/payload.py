"""A hit as the digests know it, and what a message may say of it later.

What is told of a source lies sealed under the ``alerts`` key, bound to its row, until the message goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from canaries.core.text import clip
from canaries.crypto.sealed_box import BoxError, Locker

CLIENT_LIMIT = 1000
"""Characters of what a client says it is; the ledger has all of it."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A hit, as far as alerts are concerned."""

    canary: str
    """Id of the canary."""
    kind: str
    label: bytes | None
    """The memo, sealed under the ``alerts`` key with the canary's id as context: column ``canary.label``."""
    facet: str
    trap: str
    observed_at: str
    """RFC 3339."""
    ip: str
    port: int
    facts: dict[str, Any]
    client: str
    """What the client says it is: hostile."""
    incident: str
    source_tag: bytes
    """The source under its keyed hash, as in ``hit.source_tag``."""


@dataclass(slots=True)
class HitGroup:
    """The hits of one batch that share canary and source."""

    key: str
    """Of the `digest` row."""
    first: Noted
    last: Noted
    hits: int = 0
    first_at: str = ""
    last_at: str = ""

    def add(self, item: Noted) -> None:
        """One more."""
        self.hits += 1
        self.first_at = min(self.first_at or item.observed_at, item.observed_at)
        self.last_at = max(self.last_at, item.observed_at)
        self.last = item


def grouped(items: Iterable[Noted]) -> dict[str, HitGroup]:
    """Groups by key, in order of first appearance."""
    groups: dict[tuple[str, bytes], HitGroup] = {}
    for item in items:
        place = (item.canary, item.source_tag)
        group = groups.get(place)
        if group is None:
            group = groups[place] = HitGroup(f"{item.canary}:{item.source_tag.hex()}", item, item)
        group.add(item)
    return {group.key: group for group in groups.values()}


def together(key: str, groups: list[HitGroup]) -> HitGroup:
    """Several groups counted as one."""
    return HitGroup(
        key,
        groups[0].first,
        groups[-1].last,
        sum(group.hits for group in groups),
        min(group.first_at for group in groups),
        max(group.last_at for group in groups),
    )


class PayloadCodec:
    """Writes and reads what a message says of a hit; names are those of `Alert`. One per transaction."""

    def __init__(self, key: bytes, *, memo: bool) -> None:
        self._locker = Locker(key)
        self._with_memo = memo
        self._memos: dict[str, str] = {}

    def of(self, item: Noted) -> dict[str, Any]:
        """In clear, for a message that goes at once."""
        return {
            "canary": item.canary,
            "kind": item.kind,
            "memo": self._memo(item) if self._with_memo else "",
            "facet": item.facet,
            "trap": item.trap,
            "source": item.ip,
            "port": item.port,
            "facts": item.facts,
            "client": clip(item.client, CLIENT_LIMIT),
            "incident": item.incident,
        }

    def seal(self, key: str, item: Noted) -> bytes:
        """For the row ``key``."""
        return self._locker.seal(msgspec.json.encode(self.of(item)), key.encode())

    def open(self, key: str, canary: str, sealed: bytes | None) -> dict[str, Any]:
        """The inverse; only the canary's id where the key was replaced: the count is told all the same."""
        try:
            return dict(msgspec.json.decode(self._locker.open(sealed or b"", key.encode())))
        except BoxError:
            return {"canary": canary}

    def _memo(self, item: Noted) -> str:
        if item.canary not in self._memos:
            try:
                label = self._locker.open(item.label, item.canary.encode()) if item.label else b""
            except BoxError:  # an alert without its memo is better than none
                label = b""
            self._memos[item.canary] = label.decode("utf-8", "replace")
        return self._memos[item.canary]
