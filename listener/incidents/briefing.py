"""What a person must know of a use first, decided in one place for command line, console, alerts and report.

The order is that of the questions at three in the morning: what was used and where had it lain, how severe is it, from
where, what did they do, when. Words of visitors and operators stand in it as they came: the caller's medium makes them
harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canaries.core.clock import parse_rfc3339
from listener.evidence.derived import Facts

SEVERITIES = ("low", "medium", "high", "critical")
"""Weakest first; the words are those of the fact ``verdict``."""

_FOLLOWED = {"host", "path", "url", "email"}
"""Facets that software follows on its own; every other one is a credential or an identity."""


@dataclass(frozen=True, slots=True)
class UsedCanary:
    """What is known of one use, from wherever it comes: an alert, a hit, a line of the console."""

    kind: str
    facet: str
    at: str
    """RFC 3339: when it was seen."""
    memo: str = ""
    recipient: str = ""
    places: tuple[str, ...] = ()
    """Where its bait was planted, newest first."""
    status: str = ""
    """``retired``, ``expired``, or empty."""
    facts: Facts | None = None
    ip: str = ""
    port: int = 0
    reported: str = ""
    """Where its address is not simply the peer that a trap saw: how it is known, and which it is
    (`listener.incidents.wording.not_observed`)."""
    request: str = ""
    """Hostile."""
    client: str = ""
    """Hostile."""
    acts: str = ""
    """What was done behind it on its connection, in one line. Hostile."""
    severity: str = ""
    """Where it is known already (of a whole incident); empty: that of this use."""
    incident: str = ""
    """Id of its incident."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """The answers, each one line."""

    headline: str
    """``HIGH: aws key used (backup host)``. Holds nothing a visitor wrote."""
    severity: str
    """One of `SEVERITIES`."""
    used: str
    """What was used, and whose copy it was."""
    place: str
    """Where it had lain."""
    why: str
    """Why this severity."""
    source: str
    did: str
    when: str
    next_step: str = ""
    """The command to go on with."""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """(label, answer) in the order of the questions, as every medium prints them. Empty answers are left out."""
        graded = f"{self.severity}: {self.why}" if self.why else self.severity
        answers = (
            ("Used", self.used),
            ("Where it lay", self.place),
            ("Severity", graded),
            ("From", self.source),
            ("What it did", self.did),
            ("When", self.when),
        )
        return tuple((label, answer) for label, answer in answers if answer)


def brief(use: UsedCanary, zone: str = "") -> Briefing:
    """The answers for ``use``; times also in ``zone`` (an IANA name; empty: UTC alone)."""
    degree = use.severity if use.severity in SEVERITIES else severity(use.facet, use.facts)
    thing = use.kind.replace("-", " ") or "canary"
    status = f"{use.status} " if use.status else ""
    about = use.memo or (use.places[0] if use.places else "")
    headline = f"{degree.upper()}: {status}{thing} used" + (f" ({about})" if about else "")
    used = f"{_part(use.facet)} of the {status}{thing}"
    used += f" “{use.memo}”" if use.memo else ""
    used += f", the copy for {use.recipient}" if use.recipient else ""
    used += _shown(use)
    return Briefing(
        headline,
        degree,
        used,
        place(use.places),
        _why(use),
        _source(use),
        _did(use),
        moment(use.at, zone),
        f"trapline incident {use.incident}" if use.incident else "",
    )


def severity(facet: str, facts: Facts | None) -> str:
    """What the fact ``verdict`` says; without one, a credential is ``high`` and a link ``medium``."""
    said = _fact(facts, "verdict").get("severity")
    if said in SEVERITIES:
        return str(said)
    return "medium" if facet in _FOLLOWED else "high"


def weight(facet: str, facts: Facts | None) -> int:
    """How weighty a use is, 1 to 8: severity first, then whether a credential was presented."""
    return 1 + 2 * rank(severity(facet, facts)) + is_credential(facet)


def rank(word: str) -> int:
    """The place of a severity in `SEVERITIES`; an unknown word is the weakest."""
    return SEVERITIES.index(word) if word in SEVERITIES else 0


def is_credential(facet: str) -> bool:
    """Whether presenting this part is something that no software does on its own."""
    return facet not in _FOLLOWED


def place(places: tuple[str, ...]) -> str:
    """Where the bait had lain, in one line."""
    if not places:
        return "no place on record (planted by hand, or not planted)"
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return places[0] + more


def _source(use: UsedCanary) -> str:
    """The address as observed or as reported, then what offline data say of its network."""
    if use.reported and use.ip not in use.reported:  # then it is our own machine's
        return use.reported
    if not use.ip:
        return ""
    facts = use.facts
    network, sort = _fact(facts, "network"), _fact(facts, "netclass").get("class")
    asn = network.get("asn")
    said = [
        f"AS{asn} {_text(network.get('organisation'))}".strip() if asn else "",
        _text(network.get("country")),
        "" if sort == "unknown" else _text(sort),
    ]
    known = ", ".join(filter(None, said))
    observed = use.reported or (f"{use.ip} port {use.port}" if use.port else use.ip)
    return f"{observed} (offline data: {known})" if known else observed


def moment(at: str, zone: str = "") -> str:
    """``2026-11-22 12:00:00 UTC (13:00:00 Europe/Paris)``."""
    try:
        seen = parse_rfc3339(at)
    except ValueError:
        return at
    said = f"{seen:%Y-%m-%d %H:%M:%S} UTC"
    place = time_zone(zone)
    if place is None:
        return said
    local = seen.astimezone(place)
    day = "" if local.date() == seen.date() else f"{local:%Y-%m-%d} "
    return f"{said} ({day}{local:%H:%M:%S} {zone})"


def time_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name, or None where it is empty, UTC or unknown here."""
    if not name or name == "UTC":
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _part(facet: str) -> str:
    return (facet or "token").replace("_", " ")


def _why(use: UsedCanary) -> str:
    verdict = _fact(use.facts, "verdict")
    reasons = verdict.get("reasons")
    said = [_text(verdict.get("kind")).replace("_", " ")]
    said += [_text(reason) for reason in reasons[:2]] if isinstance(reasons, list | tuple) else []
    sentences = [one.removesuffix(".") for one in filter(None, said)]
    return ". ".join(sentences) + ("." if len(sentences) > 1 else "")


def _shown(use: UsedCanary) -> str:
    fact = _fact(use.facts, "secret")
    says = {"right": "with the right secret", "wrong": "with a wrong secret"}.get(
        _text(fact.get("shown")), ""
    )
    return f", {says} ({_text(fact.get('how'))})" if says else ""


def _did(use: UsedCanary) -> str:
    claims = f"client claims {use.client} (unverified)" if use.client else "client gave no name"
    done = f"then: {use.acts}" if use.acts else ""
    return "; ".join(filter(None, (use.request, done, claims)))


def _fact(facts: Facts | None, name: str) -> Mapping[str, object]:
    """Entries and alerts of older releases may hold anything."""
    found = (facts or {}).get(name)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
