"""What a case is about, and which entries belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from canaries.ledger.parts import Noun
from listener.dossier import verify

STORY = (
    "retired",
    "amended",
    "checked",
    "unplanted",
    "alerted",
    "alert-failed",
    "noted",
    "assessed",
    "rated",
    "regrouped",
    "revealed",
    "exported",
    "opened",
    "held",
    "erased",
    "setting",
    "restored",
    "operator",
    "proposed",
)
"""Kinds of entries that name the incident, canary or hit they concern in their body, or what proves every case: a key,
a restore."""
COPIES = ("issued", "copied", "delivered", "withdrawn", "scanned")
"""Kinds of entries that name copies and editions, not the case."""
SHOWN = (
    "minted",
    "planted",
    *COPIES,
    *(kind for kind in STORY if kind not in ("setting", "restored", "operator")),
)
"""Kinds of entries that tell what people and machine did in the case."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the case is about."""

    noun: Noun
    """``incident`` or ``canary``."""
    id: str
    incidents: frozenset[str]
    canaries: frozenset[str]

    def concerns(self, body: dict[str, Any], hits: set[str]) -> bool:
        """Whether an entry of this body belongs to the case."""
        named = {body.get("canary"), *_names(body.get("canaries"))} - {None, ""}
        if body.get("what") in ("key", "restore", "operator") or not hits.isdisjoint(
            _names(body.get("entries"))
        ):  # *setting*, *erased*
            return True
        if self.noun == "canary" and named:
            return not named.isdisjoint(self.canaries)
        if body.get("incident"):
            return not self.incidents.isdisjoint((body["incident"], body.get("into")))
        return body.get("hit") in hits or not named.isdisjoint(self.canaries)

    def exported(self, body: dict[str, Any], hits: set[str]) -> bool:
        """Whether an *exported* entry is of the case itself: one of another case that held its canaries is not.

        Where it says neither which canaries it held nor that it held none, it counts as any entry does.
        """
        if body.get(self.noun) == self.id:
            return True
        said = "canaries" in body or body.get("what") in verify.BAITLESS_EXPORTS
        return not said and self.concerns(body, hits)


def _names(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
