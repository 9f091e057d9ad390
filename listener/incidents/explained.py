"""The competing explanations of one incident: what its records say of each, and what operators said."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from listener.incidents import queries
from listener.incidents.hypotheses import HYPOTHESES
from listener.incidents.weighing import of_hits, weigh

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.incidents.model import Incident


def listing(home: Home, incident: Incident) -> list[dict[str, Any]]:
    """Each with what speaks for and against it, and its last rating; reads all hits. Raises LedgerError."""
    traits = of_hits((hit.body, hit.facts) for hit in queries.hits(home, incident=incident.id))
    rated = {rating.hypothesis: rating for rating in incident.ratings}
    found = []
    for item in HYPOTHESES:
        speaks_for, against = weigh(item.key, traits)
        said = rated.get(item.key)
        line = {"hypothesis": item.key, "explanation": item.explanation, "check": item.check}
        weighed = {"for": list(speaks_for), "against": list(against)}
        found.append({**line, **weighed, "rated": asdict(said) if said else None})
    return found
