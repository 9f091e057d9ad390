"""The report's four pictures, of what was counted of all events. The console draws the same of what it shows."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from listener.dossier.formats._survey import Survey
from listener.incidents.pictures import heat, networks, sequence, timeline


def pictures_of(found: Survey, names: Mapping[str, str], zone: str) -> dict[str, Markup]:
    """By the names that the template uses; ``names``: canary to words, ``zone``: of the hours."""
    return {
        "timeline": timeline(found.rows),
        "heat": heat(found.hours, zone or "UTC"),
        "networks": networks(found.sources),
        "sequence": sequence(found.rows, names),
    }
