"""Hits: the newest first and live, and each with what was observed, what was derived and what was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import select

from canaries.accounts import approvals, sessions
from canaries.accounts.permissions import Permission
from canaries.core import store
from listener.console import permits, stream
from listener.console.auth import COOKIE
from listener.console.listing import briefing_of, newest, parts_of, row
from listener.console.memos import Memos
from listener.console.pages import AppContext, app_context, words
from listener.console.permits import needs
from listener.incidents import queries

if TYPE_CHECKING:
    from canaries.installation.home import Home

page = Blueprint("hits", __name__)
NAV = (10, "Hits", "hits.index")


@page.get("/hits")
@needs(Permission.HITS_READ)
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
@needs(Permission.HITS_READ)
def live() -> Response:
    """Server-sent events: hits after ``Last-Event-ID``, or after ``?after=``; ``?canary=``, ``?incident=``: its own."""
    here = app_context()
    release = here.streams.acquire()
    if release is None:
        abort(503, "Too many pages are following the hits. Close some and reload.")
    start = stream.position(request.headers.get("Last-Event-ID"), request.args.get("after"))
    response = Response(
        stream.follow(_reader(here, _asked("canary"), _asked("incident")), start, _over(here)),
        mimetype="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )
    response.call_on_close(release)
    return response


_OF = re.compile(r"[0-9a-f]{8,16}")


def _asked(name: str) -> str | None:
    given = request.args.get(name, "")
    return given if _OF.fullmatch(given) else None


def _reader(here: AppContext, canary: str | None, incident: str | None) -> stream.Read:
    """Hits of this canary, or of this incident; else all."""
    memo = Memos(here.home)

    def read(after_id: str, pause: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        for hit in queries.follow(here.home, pause, canary=canary, incident=incident, after_id=after_id):
            yield row(hit, memo(hit.canary))

    return read


def _still_in(here: AppContext, cookie: str) -> bool:
    """Whether the session that opened the stream is still one, and may still see hits."""
    if here.doorkeeper.session(cookie, extend=False) is not None:
        return True
    who = sessions.actor_of(here.home, cookie, extend=False)
    return who is not None and who.may(Permission.HITS_READ)


def _over(here: AppContext) -> Callable[[float], bool]:
    """Sleeps; answers True when the console closes, the browser has gone or the session has ended."""
    cookie = request.cookies.get(COOKIE, "")
    gone = request.environ.get("waitress.client_disconnected", lambda: False)

    def over(seconds: float) -> bool:
        return here.stop.wait(seconds) or gone() or not _still_in(here, cookie)

    return over


@page.get("/hits/<id_>")
@needs(Permission.HITS_READ)
def one(id_: str) -> str:
    """Everything about one hit but the raw request; observed and derived apart."""
    return _shown(id_)


@page.post("/hits/<id_>/raw")
@needs(Permission.HITS_READ, Permission.HITS_RAW)
def raw(id_: str) -> str:
    """The same page with the request as it came, once; that somebody looked, and why, is an entry."""
    home = app_context().home
    hit = queries.one(home, id_)
    why = words("reason", "the reason for looking")
    approvals.require(home, permits.actor(), "raw", f"hit {hit.id}", why)
    said = home.act("revealed", {"canary": hit.canary, "hit": hit.id, "reason": why})
    with home.store.write() as connection:
        home.writer.put(connection, said)
    return _shown(hit.id, uncovered=True)


def _shown(id_: str, *, uncovered: bool = False) -> str:
    home = app_context().home
    hit = queries.one(home, id_)
    parts = parts_of(home, hit)
    return render_template(
        "hit.html.j2",
        hit=hit,
        parts=parts,
        told=briefing_of(home, hit, parts),
        uncovered=uncovered,
        kept=_is_kept(home, hit.id),
        raw=queries.raw(home, hit.id) if uncovered else None,
        failed=hit.derived.body.get("failed", {}) if hit.derived else {},
    )


def _is_kept(home: Home, hit_id: str) -> bool:
    """Whether the raw bytes are still there."""
    query = select(store.raw.c.entry_id).where(
        store.raw.c.entry_id == hit_id, store.raw.c.sealed.is_not(None)
    )
    with home.store.read() as connection:
        return connection.execute(query).first() is not None
