"""What a case is made of: a canary, a hit with what was derived from it, a place in the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from canaries.ledger.entries import Entry
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

    def as_dict(self) -> dict[str, Any]:
        """A line of ``events.ndjson``: the bodies of the two entries, and where those stand in the log."""
        event = {
            "index": self.hit.seq,
            "id": self.hit.id,
            "observed": self.hit.body,
            "derived_index": self.derived.seq if self.derived else None,
            "derived": self.derived.body if self.derived else None,
        }
        return event | ({"held_back": list(self.held_back)} if self.held_back else {})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place in the log, of whatever case."""

    seq: int
    hash: bytes
    status: str
    """``disclosed`` or ``withheld:REASON``."""
