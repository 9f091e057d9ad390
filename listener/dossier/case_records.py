"""What a case is made of: a canary, a hit with what was derived from it, a place in the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from canaries.ledger.entries import Entry, canonical
from listener.evidence.derived import Facts
from listener.evidence.shapes import HitBody


@dataclass(frozen=True, slots=True)
class CaseCanary:
    """A canary of the case."""

    id: str
    line: bytes
    """The exact record whose SHA-256 the *minted* entry lists."""
    minted: str
    """Id of that entry."""
    retired_at: str
    """RFC 3339, or empty."""

    @property
    def record(self) -> dict[str, Any]:
        """`canaries.core.model.Canary` as a dict."""
        value: dict[str, Any] = json.loads(self.line)
        return value


@dataclass(frozen=True, slots=True)
class EventText:
    """One hit with what was derived from it, each body as canonical JSON."""

    index: int
    """The hit's place in the log."""
    id: str
    observed: bytes
    derived_index: int | None
    derived: bytes
    """``null`` where there is none."""
    held_back: tuple[str, ...] = ()
    """Parts of both that this version does not show."""

    @property
    def line(self) -> bytes:
        """A line of ``events.ndjson``, without its end: the bodies of the two entries, and their places in the log."""
        held = b',"held_back":' + canonical(self.held_back) if self.held_back else b""
        derived = b'{"derived":%b,"derived_index":%b' % (self.derived, canonical(self.derived_index))
        return b'%b%b,"id":%b,"index":%d,"observed":%b}' % (
            derived, held, canonical(self.id), self.index, self.observed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One hit with what was derived from it, kept apart."""

    hit: Entry
    derived: Entry | None
    held_back: tuple[str, ...] = ()
    """Parts of both that this version does not show."""

    @property
    def body(self) -> HitBody:
        """What was observed."""
        return cast(HitBody, self.hit.body)

    @property
    def facts(self) -> Facts:
        """What was derived; empty where that was erased."""
        return cast(Facts, self.derived.body.get("facts", {}) if self.derived else {})

    @property
    def text(self) -> EventText:
        """The same, written out."""
        index, derived = (self.derived.seq, self.derived.body) if self.derived else (None, None)
        return EventText(
            self.hit.seq or 0,
            self.hit.id,
            canonical(self.hit.body),
            index,
            canonical(derived),
            self.held_back,
        )


@dataclass(frozen=True, slots=True)
class RawRequest:
    """The exact bytes that came."""

    hit: str
    """Id of the hit."""
    sha256: str
    """As the hit's entry names it, hexadecimal."""
    content: bytes | None
    """None where it was erased."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place in the log, of whatever case."""

    seq: int
    hash: bytes
    status: str
    """``disclosed`` or ``withheld:REASON``."""
