"""The overview, the first page: what is broken, what fired lately, what has stayed silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template
from sqlalchemy import distinct, func, select

from canaries.accounts.permissions import Permission
from canaries.core import counting, store
from canaries.installation.home import Home
from listener.console.memos import Memos
from listener.console.pages import app_context
from listener.console.permits import needs
from listener.health.examination import examine
from listener.health.state import Level
from listener.incidents import listing

if TYPE_CHECKING:
    from listener.health.state import HealthReport

page = Blueprint("health", __name__)
NAV = (5, "Overview", "health.index")

_LATEST = 5


@page.get("/health")
@needs(Permission.HEALTH_READ)
def index() -> str:
    """The same report as ``trapline status``, and what happened last."""
    home = app_context().home
    report = _report(home)
    incidents, _ = listing.page(home, size=_LATEST)
    return render_template(
        "health.html.j2",
        report=report,
        notes=[one for one in report.parts if one.level is Level.NOTE],
        well=[one for one in report.parts if one.level is Level.WELL],
        incidents=incidents,
        counts=_counts(home),
        memo=Memos(home),
    )


def _report(home: Home) -> HealthReport:
    """Of the settings as they are now, not as they were when the console was opened."""
    with Home(home.path, home.clock) as fresh:
        return examine(fresh)


def _counts(home: Home) -> dict[str, Any]:
    """How much bait there is, and how much of it nobody has touched; from the smaller table each, by its indexes."""
    canary, hit, place, incident = store.canary, store.hit, store.placement, store.incident
    here = (place.c.state == "there", canary.c.id == place.c.canary_id, canary.c.retired_at == "")
    fired = select(hit.c.canary_id).where(hit.c.canary_id == place.c.canary_id).exists()
    planted = select(func.count(distinct(place.c.canary_id)))
    newest = select(hit.c.id, hit.c.observed_at).where(hit.c.part == "").order_by(hit.c.id.desc()).limit(1)
    with home.store.read() as connection:

        def count(query: Any) -> int:
            return int(connection.execute(query).scalar_one())

        last = connection.execute(newest).first()
        known = select(canary.c.created_at).where(canary.c.sealed.is_not(None))
        retired = count(select(func.count()).where(store.RETIRED, canary.c.sealed.is_not(None)))
        return {  # the index of all of them does not know which are retired
            "active": counting.words(counting.up_to(connection, known, counting.MANY + retired) - retired),
            "planted": count(planted.where(*here)),
            "silent": count(planted.where(*here, ~fired)),
            "hits": counting.words(counting.up_to(connection, select(hit.c.id))),
            "open": count(select(func.count()).where(incident.c.state == "open")),
            "last": last.observed_at if last else "",
            "newest": last.id if last else "",
        }
