"""The trail: what operators did, each an entry that nobody can take away. Newest first, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from sqlalchemy import func, select

from canaries.accounts.permissions import Permission
from canaries.core import store
from canaries.ledger import brief
from listener.console import stream
from listener.console.pages import app_context
from listener.console.permits import needs

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.brief import BriefEntry

page = Blueprint("trail", __name__)
NAV = (70, "Trail", "trail.index")

PAGE = 50


@page.get("/trail")
@needs(Permission.LEDGER_READ)
def index() -> str:
    """What was done, by whom, when and why."""
    home = app_context().home
    before = stream.position(request.args.get("before"))
    acts, older = _acts(home, before)
    return render_template("trail.html.j2", acts=acts, older=older, before=before)


def _acts(home: Home, before: str) -> tuple[list[dict[str, Any]], str]:
    """Lines of the page, and the id before which there are older ones; empty where there are none."""
    table = store.entry
    size = func.length(table.c.sealed).label("size")
    query = select(table.c.id, table.c.kind, table.c.at, size).where(store.ACTED)
    if before:
        query = query.where(table.c.id < before)
    with home.store.read() as connection:
        rows = connection.execute(query.order_by(table.c.id.desc()).limit(PAGE + 1)).all()
        shown = rows[: min(PAGE, brief.fitting([row.size for row in rows]))]
        entries = brief.fetch(home.reader, connection, [row.id for row in shown if row.size is not None])
    found = [_line(row.id, row.kind, row.at, entries.get(row.id)) for row in shown]
    return found, shown[-1].id if len(rows) > len(shown) else ""


_LINKS = ("canary", "incident", "hit")
_FIRST = ("reason", "text", "statement")


def _line(entry_id: str, kind: str, at: str, entry: BriefEntry | None) -> dict[str, Any]:
    """An erased entry keeps its kind and its time."""
    body = dict(entry.body) if entry else {}
    count = int(body.get("count") or 0) if kind == "minted" else 0
    about = {name: str(body.pop(name)) for name in _LINKS if isinstance(body.get(name), str)}
    why = next((str(body.pop(name)) for name in _FIRST if body.get(name)), "")
    return {
        "id": entry_id,
        "kind": kind,
        "at": at,
        "by": entry.by if entry else "",
        "seq": entry.seq if entry else None,
        "about": about,
        "minted": f"{count} {body.get('kind', '')}".strip() if count else "",
        "why": why,
        "rest": body,
        "erased": entry is None,
    }
