"""Hits: the newest first and live, and each with what was observed, what was derived and what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from listener.console import stream
from listener.console.auth import COOKIE
from listener.console.listing import briefing_of, newest, parts_of, row
from listener.console.memos import Memos
from listener.console.pages import AppContext, app_context
from listener.incidents import queries

page = Blueprint("hits", __name__)
NAV = (10, "Hits", "hits.index")


@page.get("/hits")
def index() -> str:
    """The newest hits, and those to come; older ones a page at a time."""
    home = app_context().home
    before = stream.position(request.args.get("before"))
    hits, older = newest(home, before=before)
    memo = Memos(home)
    return render_template(
        "hits.html.j2",
        rows=[row(hit, memo(hit.canary)) for hit in hits],
        live=not before,
        older=hits[-1].id if older else "",
        before=before,
    )


@page.get("/hits/stream")
def live() -> Response:
    """Server-sent events: hits after ``Last-Event-ID``, or after ``?after=``."""
    here = app_context()
    release = here.streams.acquire()
    if release is None:
        abort(503, "Too many pages are following the hits. Close some and reload.")
    start = stream.position(request.headers.get("Last-Event-ID"), request.args.get("after"))
    response = Response(
        stream.follow(_reader(here), start, _over(here)),
        mimetype="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )
    response.call_on_close(release)
    return response


def _reader(here: AppContext) -> stream.Read:
    memo = Memos(here.home)

    def read(after_id: str, pause: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        for hit in queries.follow(here.home, pause, after_id=after_id):
            yield row(hit, memo(hit.canary))

    return read


def _over(here: AppContext) -> Callable[[float], bool]:
    """Sleeps; answers True when the console closes, the browser has gone or the session has ended."""
    cookie = request.cookies.get(COOKIE, "")
    gone = request.environ.get("waitress.client_disconnected", lambda: False)

    def over(seconds: float) -> bool:
        return here.stop.wait(seconds) or gone() or here.doorkeeper.session(cookie, extend=False) is None

    return over


@page.get("/hits/<id_>")
def one(id_: str) -> str:
    """Everything about one hit; observed and derived apart."""
    home = app_context().home
    hit = queries.one(home, id_)
    parts = parts_of(home, hit)
    return render_template(
        "hit.html.j2",
        hit=hit,
        parts=parts,
        told=briefing_of(home, hit, parts),
        raw=queries.raw(home, hit.id),
        failed=hit.derived.body.get("failed", {}) if hit.derived else {},
    )
