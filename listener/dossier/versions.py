"""Versions of a dossier: what each reader is shown of a case, the rest held back (`canaries.ledger.parts`).

Every version shows every hit as an entry, so that none is left out unseen. What a version does not name is held back,
so that a field that a later release adds does not leave by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from canaries.ledger import parts

_WORK = frozenset({"noted", "rated"})
"""What operators think aloud: for counsel."""
_ACTS = frozenset(
    {
        *("assessed", "planted", "checked", "unplanted", "retired", "amended", "alerted", "alert-failed"),
        *("revealed", "exported", "held", "setting", "operator", "proposed"),
        *("issued", "copied", "delivered", "withdrawn", "scanned"),
    }
)
_PEOPLE = frozenset({"by", "allowed", "from", "owner"})
_GUESSES = frozenset({"links"})
"""What a program suggests of other incidents, in *opened* entries: for counsel."""
_PROOF = {
    "stamped": frozenset({"sha256", "at", "root", "authority"}),
    "restored": frozenset({"reason", "backup"}),
}
"""What proves the log itself; no person is in it but the author."""


@dataclass(frozen=True, slots=True)
class Version:
    """Who reads it, and what that means."""

    name: str
    dropped: frozenset[str] = frozenset()
    """Kinds of entries that are withheld as held back."""
    hidden: frozenset[str] = frozenset()
    """Parts that are held back of every entry."""
    shown: Mapping[str, frozenset[str]] | None = None
    """Parts that are shown beside the open one, by kind of entry; all others are held back. None: all are shown."""
    bait: bool = True
    """Whether the records of the canaries, and with them the bait in clear, are in it."""

    def hides(self, kind: str, names: Collection[str], line: bytes = b"") -> set[str]:
        """Which of the parts ``names`` of an entry are held back; ``line``: all of it, where one may name an owner."""
        kept = set(names) if self.shown is None else set(names) & self.shown.get(kind, frozenset())
        if "owner" in self.hidden and kind == "amended" and _names_owner(line):
            kept.discard("changed")
        return set(names) - (kept - self.hidden)

    @property
    def brief(self) -> bool:
        """Whether its report is a table of the events and no more."""
        return self.shown is not None


def _names_owner(line: bytes) -> bool:
    """Whether an *amended* entry says who looks after the canary from now on."""
    return "owner" in (parts.merged(line)["body"].get("changed") or {}) if line else False


VERSIONS = {
    one.name: one
    for one in (
        Version("counsel"),
        Version("court", _WORK, _GUESSES),
        Version("authority", _WORK | {"revealed", "operator", "proposed"}, _PEOPLE | _GUESSES),
        Version("provider", _WORK | _ACTS, _PEOPLE, {**_PROOF, "hit": frozenset({"address"})}, bait=False),
        Version("publication", _WORK | _ACTS, _PEOPLE, _PROOF, bait=False),
    )
}
"""By name; `docs/dossier-format.md` has them as a table."""
COUNSEL = VERSIONS["counsel"]
