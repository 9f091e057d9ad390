"""Links between incidents: suggested by what they have in common, decided by operators.

What is suggested is worked out when somebody asks, from the newest hits, and is no evidence; the opening of a dossier
states it, so that what the dossier prints of it is sealed. A decision is an entry *noted* in either incident, with the
operator's name, the reasons and the weight of that day; what an operator rejected is not suggested again. A link joins
nothing: that is `listener.incidents.regroup`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.mint import catalogue
from canaries.plant import placements
from listener.incidents import queries
from listener.incidents.campaigns import Suggestions, suggest
from listener.incidents.likeness import IncidentLink, IncidentProfile
from listener.incidents.model import Hit
from listener.incidents.operator_acts import resolve
from listener.incidents.traits import common, profile

if TYPE_CHECKING:
    from canaries.installation.home import Home

NEWEST = 20_000
"""Hits that are looked at: some seconds."""
OPENED = 5_000
"""Hits that are looked at when a dossier is opened: less than a second."""
_STATED, _AT_ONCE = 100, 500
CONFIRMED, REJECTED = "confirmed", "rejected"


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """What an operator said of two incidents; the last word counts."""

    pair: tuple[str, str]
    decision: str
    by: str
    at: str
    reason: str


def suggestions(home: Home, newest: int = NEWEST) -> Suggestions:
    """Links and campaigns of the newest hits, less what operators rejected."""
    rejected = frozenset(item.pair for item in decisions(home) if item.decision == REJECTED)
    return suggest(profiles(home, newest), common(), rejected)


def stated(home: Home, incidents: Set[str], newest: int = OPENED) -> list[dict[str, Any]]:
    """What is suggested for these incidents, the strongest first, as the opening of a dossier states it."""
    with home.store.read() as connection:
        others = select(store.incident.c.id).where(store.incident.c.id.not_in(sorted(incidents)[:_AT_ONCE]))
        if not incidents or connection.execute(others.limit(1)).first() is None:
            return []
    found = []
    for link in suggestions(home, newest).links:
        mine, other = link.pair if link.pair[0] in incidents else link.pair[::-1]
        if mine in incidents and other not in incidents:
            reasons = [{"sentence": one.sentence, "centibits": round(100 * one.bits)} for one in link.reasons]
            found.append(
                {"incident": mine, "with": other, "centibits": round(100 * link.bits), "reasons": reasons}
            )
    return found[:_STATED]


def profiles(home: Home, newest: int = NEWEST) -> list[IncidentProfile]:
    """Profiles of the incidents that the newest hits are in."""
    hits: dict[str, list[Hit]] = {}
    for hit in queries.newest(home, newest):
        hits.setdefault(hit.incident, []).append(hit)
    canaries = {hit.canary for group in hits.values() for hit in group}
    places = {canary: _bait(home, canary) for canary in canaries}
    found = [profile(name, group, places) for name, group in sorted(hits.items())]
    return [item for item in found if item is not None]


def _bait(home: Home, canary: str) -> dict[str, frozenset[str]]:
    planted = {f"{item.planter} {item.target}" for item in placements.listing(home, canary=canary)}
    try:
        recipient = catalogue.find(home, canary).recipient
    except NotFoundError:
        recipient = ""
    named = {"recipient": frozenset({recipient})} if recipient else {}
    return named | ({"placement": frozenset(planted)} if planted else {})


def decisions(home: Home) -> list[LinkDecision]:
    """The last decision on each pair, oldest first."""
    found: dict[tuple[str, str], LinkDecision] = {}
    with home.store.read() as connection:
        for entry in home.reader.entries(connection, "noted"):
            link = entry.body.get("link")
            if isinstance(link, dict):
                pair = _pair(str(entry.body["incident"]), str(link["with"]))
                found.pop(pair, None)
                found[pair] = LinkDecision(
                    pair, str(link["decision"]), entry.by, entry.at, str(link["reason"])
                )
    return list(found.values())


def decide(home: Home, one: str, other: str, decision: str, reason: str) -> tuple[str, str]:
    """Confirm or reject that two incidents belong together: an entry *noted* in either, whose ids come back.

    Raises NotFoundError; TraplineError where no reason is given or both are one incident.
    """
    if not reason.strip():
        raise TraplineError("say why: others will ask", hint="add: --reason TEXT")
    with home.store.read() as connection:
        pair = resolve(connection, one), resolve(connection, other)
    if pair[0] == pair[1]:
        raise TraplineError("an incident cannot be linked with itself", hint="name another")
    known = next((link for link in suggestions(home).links if link.pair == _pair(*pair)), None)
    drafts = []
    for mine, theirs in (pair, pair[::-1]):
        link: dict[str, Any] = {"with": theirs, "decision": decision, "reason": reason.strip()}
        if known is not None:
            link["centibits"] = round(100 * known.bits)
            link["reasons"] = [item.sentence for item in known.reasons]
        drafts.append(home.act("noted", {"incident": mine, "text": _text(link, known), "link": link}))
    with home.store.write() as connection:
        for draft in drafts:
            home.writer.put(connection, draft)
    return drafts[0].id, drafts[1].id


def _text(link: dict[str, Any], known: IncidentLink | None) -> str:
    """The note's words, as timelines and dossiers show them."""
    said = (
        f"See also incident {link['with']}: that both belong together is {link['decision']}. {link['reason']}"
    )
    if known is None:
        return f"{said} (not suggested by what they have in common)"
    return f"{said} Suggested with {known.bits:.1f} bits: {told(known)}."


def told(link: IncidentLink) -> str:
    """The reasons of a link in one line, each with its bits."""
    return "; ".join(f"{item.sentence} ({item.bits:+.1f})" for item in link.reasons)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (min(one, other), max(one, other))


def campaign_of(found: Suggestions, incident: str) -> Sequence[str]:
    """The other incidents of its suggested campaign."""
    members = next((group for group in found.campaigns if incident in group), ())
    return [name for name in members if name != incident]
