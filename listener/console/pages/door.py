"""In by the one-time link, out by the button."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from listener.console.auth import COOKIE
from listener.console.pages import app_context

page = Blueprint("door", __name__)


@page.get("/")
def root() -> AnyResponse:
    """The first page says whether everything works."""
    return redirect(url_for("health.index"), 303)


@page.get("/enter/<secret>")
def enter(secret: str) -> Response:
    """Exchange the link for a session.

    The answer is a page that goes on by itself, no redirect: a SameSite=Strict cookie is not sent along a redirect that
    began on another site (a terminal in a web page, say), but it is from a page of this console.
    """
    if request.method != "GET":  # a previewer's HEAD must not use the link up
        abort(405)
    cookie = app_context().doorkeeper.enter(secret)
    if cookie is None:
        abort(401)
    response = make_response(render_template("entered.html.j2"))
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", path="/")
    return response


@page.post("/leave")
def leave() -> Response:
    """End the session."""
    app_context().doorkeeper.leave(request.cookies.get(COOKIE, ""))
    response = make_response(render_template("left.html.j2"))
    response.delete_cookie(COOKIE, httponly=True, samesite="Strict", path="/")
    return response
