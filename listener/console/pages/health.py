"""Health, the first page: what is broken, what fired lately, what has stayed silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template
from sqlalchemy import func, select

from canaries.core import store
from canaries.installation.home import Home
from listener.console.memos import Memos
from listener.console.pages import app_context
from listener.health.examination import examine
from listener.health.state import Level
from listener.incidents import queries

if TYPE_CHECKING:
    from listener.health.state import HealthReport

page = Blueprint("health", __name__)
NAV = (5, "Health", "health.index")

_LATEST = 5


@page.get("/health")
def index() -> str:
    """The same report as ``trapline status``, and what happened last."""
    home = app_context().home
    report = _report(home)
    incidents = sorted(queries.incidents(home), key=lambda one: one.last_at, reverse=True)
    return render_template(
        "health.html.j2",
        report=report,
        notes=[one for one in report.parts if one.level is Level.NOTE],
        well=[one for one in report.parts if one.level is Level.WELL],
        incidents=incidents[:_LATEST],
        open_incidents=sum(one.state == "open" for one in incidents),
        counts=_counts(home),
        memo=Memos(home),
    )


def _report(home: Home) -> HealthReport:
    """Of the settings as they are now, not as they were when the console was opened."""
    with Home(home.path, home.clock) as fresh:
        return examine(fresh)


def _counts(home: Home) -> dict[str, Any]:
    """How much bait there is, and how much of it nobody has touched."""
    canary, hit, place = store.canary, store.hit, store.placement
    active = canary.c.retired_at == ""
    fired = select(hit.c.canary_id).where(hit.c.canary_id == canary.c.id).exists()
    planted = select(place.c.id).where(place.c.canary_id == canary.c.id, place.c.state == "there").exists()
    with home.store.read() as connection:

        def count(*conditions: Any) -> int:
            return int(
                connection.execute(select(func.count()).select_from(canary).where(*conditions)).scalar_one()
            )

        return {
            "active": count(active),
            "planted": count(active, planted),
            "silent": count(active, planted, ~fired),
            "hits": connection.execute(select(func.count()).select_from(hit)).scalar_one(),
            "last": connection.execute(select(func.max(hit.c.observed_at))).scalar_one() or "",
        }
