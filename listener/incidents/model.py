"""The nouns of the casebook: a hit with its facts, an incident with what operators wrote about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

from canaries.ledger.entries import Entry
from listener.evidence import acts, observed
from listener.evidence.derived import Facts
from listener.evidence.shapes import HitBody, Observed
from listener.incidents.wording import LABELS, origin


@dataclass(frozen=True, slots=True)
class Hit:
    """One observed use of a canary, and what was derived from it."""

    id: str
    canary: str
    kind: str
    facet: str
    """The strongest facet that was used."""
    trap: str
    observed_at: str
    """RFC 3339."""
    ip: str
    port: int
    """0: unknown."""
    facts: Facts
    """Derived."""
    incident: str
    entry: Entry
    """*hit*: what was observed."""
    derived: Entry | None
    """*derived*, or None where it was erased."""

    @property
    def body(self) -> HitBody:
        """What was observed. Entries of older releases may lack fields."""
        return cast(HitBody, self.entry.body)

    @property
    def label(self) -> str:
        """What the address is: ``Connection from``, ``Name server that asked`` ..."""
        return LABELS[origin(self.body)]

    @property
    def why(self) -> str:
        """Why it is in its incident; empty for hits of 0.1. Where it was moved later, *regrouped* says so."""
        return str(self.derived.body.get("why", "")) if self.derived else ""

    @property
    def client(self) -> str:
        """What the client says it is. Hostile."""
        return observed.client(self.body.get("observed", Observed()))

    @property
    def request(self) -> str:
        """The request in one line. Hostile."""
        return observed.request(self.body.get("observed", Observed()))

    @property
    def did(self) -> str:
        """What was done, in one line: ``PUB alerts.send``. Hostile."""
        return acts.line(self.body.get("observed", Observed()))

    @property
    def answer(self) -> str:
        """What the trap answered, in its own words."""
        return self.body.get("answer", "")

    @property
    def follows(self) -> str:
        """The hit whose connection this came on, or whose name was looked up; empty: none."""
        return self.body.get("follows", "")

    def as_dict(self) -> dict[str, Any]:
        """What ``trapline hits --json`` prints. Its texts are as they came: hostile."""
        body, seen = self.body, self.body.get("observed", Observed())
        return {
            "id": self.id,
            "canary": self.canary,
            "kind": self.kind,
            "facet": self.facet,
            "facets": body.get("facets", [self.facet]),
            "trap": self.trap,
            "observed_at": self.observed_at,
            "source": {"ip": self.ip, "port": self.port},
            "peer": body.get("peer"),
            "local": body.get("local"),
            "transport": body.get("transport"),
            "via": body.get("via"),
            "client": self.client,
            "request": self.request,
            "host": seen.get("host", ""),
            "tls": seen.get("tls"),
            "answer": body.get("answer", ""),
            "raw_sha256": body.get("raw_sha256"),
            "raw_truncated": body.get("raw_truncated"),
            "incident": self.incident,
            "why": self.why,
            "facts": self.facts,
            "failed": self.derived.body.get("failed", {}) if self.derived else {},
            "sealed": self.entry.seq,
            **({"did": self.did} if self.did != self.request else {}),
            **({"follows": body["follows"]} if "follows" in body else {}),
            **({"part": body["part"]} if "part" in body else {}),
        }


NOBODY = "-"
"""In place of a name, where nobody looks after an incident any more."""


@dataclass(frozen=True, slots=True)
class OperatorNote:
    """What an operator wrote, or that an operator closed or reopened the incident."""

    id: str
    """Of its entry."""
    at: str
    by: str
    text: str
    state: str
    """``closed`` or ``open`` where this changed it, else empty."""
    outcome: str = ""
    """What it turned out to be, where closing said so (`listener.incidents.operator_acts.OUTCOMES`)."""
    assigned: str = ""
    """Who is to look after it, where this said so; ``-``: nobody any more."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A named analyst's judgement; see `listener.incidents.operator_acts.assess`."""

    id: str
    at: str
    by: str
    statement: str
    likelihood: str
    band: str
    """The likelihood in per cent."""
    confidence: str
    because: str
    alternatives: tuple[str, ...]
    assumptions: tuple[str, ...]
    evidence: tuple[str, ...]
    would_change: str


@dataclass(frozen=True, slots=True)
class Rating:
    """How likely a named operator holds one of the competing explanations."""

    id: str
    at: str
    by: str
    hypothesis: str
    likelihood: str
    band: str
    because: str


@dataclass(frozen=True, slots=True)
class WeakLink:
    """Another incident that shares something with this one, which joins nothing."""

    incident: str
    why: str
    """What they share."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Hits that belong together."""

    id: str
    opened_at: str
    """Time of its first hit, RFC 3339."""
    last_at: str
    """Time of its last hit, RFC 3339."""
    hits: int
    state: str
    """``open`` or ``closed``."""
    canaries: tuple[str, ...]
    """Ids of the canaries that were used."""
    notes: tuple[OperatorNote, ...] = ()
    """Oldest first."""
    assessments: tuple[Assessment, ...] = ()
    """Oldest first."""
    ratings: tuple[Rating, ...] = ()
    """Oldest first; the last one of a hypothesis counts."""
    see_also: tuple[WeakLink, ...] = ()
    """Only where one incident is asked for."""

    @property
    def assignee(self) -> str:
        """Who looks after it, by the last note that says so; empty: nobody."""
        said = [note.assigned for note in self.notes if note.assigned]
        return said[-1] if said and said[-1] != NOBODY else ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {**asdict(self), "assignee": self.assignee}
