"""Which fields of an entry's body go into which part: its open first one, a group, or one of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

OPEN = frozenset(
    (
        "canary canaries incident into hit hits leaves derived entries proposal "
        "kind facet facets trap observed_at recognised_at transport follows part "
        "raw_len raw_size raw_truncated sighting front number connection clock "
        "listener what act count size known root"
    ).split()
)
"""Fields of a body that are in an entry's first part: ids, kinds, times, counts, hashes of salted things."""
OF_CASE = "case"
"""Part of an *exported* entry: which case it was of, and how large."""
_GROUPS: dict[str, dict[str, str]] = {
    "hit": {
        **dict.fromkeys(("source", "peer", "via", "local"), "address"),
        **dict.fromkeys(("observed", "notes", "answer", "tls", "raw_sha256", "raw_whole_sha256"), "content"),
    },
    "derived": dict.fromkeys(("why", "facts", "failed", "egress"), "facts"),
    "exported": dict.fromkeys(sorted(OPEN - {"what", "canaries"}), OF_CASE),
}
"""Fields that are one part together: a hash for each would cost every hit more than it is worth."""
CANARIES = "canaries"
NUMBERED = "canary."
"""Each canary of an export is a part of its own: a dossier of another case shows those of that case."""
SIGNED = "signed"
BESIDE = ("by", "allowed", SIGNED)
"""Parts that stand beside the body."""
_MANY = 100
"""Fields of a body whose plan is not kept: an export of a thousand canaries."""


@dataclass(frozen=True, slots=True)
class PartPlan:
    """Which fields of a body go where; the same for all bodies of one kind with the same fields."""

    shown: tuple[str, ...]
    names: list[str]
    apart: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1_000)
def _plan(kind: str, fields: tuple[str, ...]) -> PartPlan:
    groups = _GROUPS.get(kind, {})
    apart: dict[str, list[str]] = {}
    for name in fields:
        if name in groups or name not in OPEN:
            part = f"body.{name}" if name in BESIDE else name
            apart.setdefault(groups.get(name, part), []).append(name)
    shown = tuple(name for name in fields if name in OPEN and name not in groups)
    return PartPlan(shown, list(apart), tuple(map(tuple, apart.values())))


def plan_of(kind: str, fields: tuple[str, ...]) -> PartPlan:
    """The plan of a body of these fields, in their order."""
    return _plan(kind, fields) if len(fields) < _MANY else _plan.__wrapped__(kind, fields)
