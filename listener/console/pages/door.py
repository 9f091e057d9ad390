"""The ways in: the one-time link, an account's password and one-time code, an invitation; and the way out."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canaries.accounts import invitations, passwords, sessions
from canaries.core.errors import AccessError, TraplineError
from listener.console import permits
from listener.console.auth import COOKIE
from listener.console.entrance import asked, inside
from listener.console.pages import app_context

if TYPE_CHECKING:
    from collections.abc import Mapping

page = Blueprint("door", __name__)

_FIRST = ("health.index", "canaries.index", "mint.places")
_LONGEST = 1024
"""Characters of a password."""


@page.get("/")
def root() -> AnyResponse:
    """The first page says whether everything works; whoever may not see that begins with their canaries."""
    first = next((one for one in _FIRST if permits.may_reach(one)), None)
    if first is None:
        abort(403, "This account's role opens no page.")
    return redirect(url_for(first), 303)


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
    return inside(cookie)


@page.get("/sign-in")
def sign_in() -> str:
    """Name, password, one-time code."""
    return asked()


@page.post("/sign-in")
def signed_in() -> Response | tuple[str, int]:
    """A session, or one sentence that tells a guesser nothing."""
    form, here = request.form, app_context()
    name, code = form.get("name", "")[:80], form.get("code", "").replace(" ", "")[:16]
    try:
        found = sessions.sign_in(
            here.home, name, form.get("password", "")[:_LONGEST], code, request.remote_addr or ""
        )
    except AccessError as error:
        said = f"{error.sentence[0].upper()}{error.sentence[1:]}."
        return asked(said, name), 401
    return inside(found.cookie, found)


@page.get("/invitation/<code>")
def invited(code: str) -> str:
    """Who is invited, and the secret for their authenticator."""
    return _invitation(code, "")


@page.post("/invitation/<code>")
def accept(code: str) -> Response | tuple[str, int]:
    """Set password and one-time codes, once; then sign in with the next code."""
    form = request.form
    if form.get("password") != form.get("again"):
        return _invitation(code, "The two passwords differ.", _shown(form)), 422
    try:
        secret = bytes.fromhex(form.get("secret", ""))
        totp = form.get("code", "").replace(" ", "")[:16]
        invitations.accept(app_context().home, code, secret, form.get("password", "")[:_LONGEST], totp)
    except AccessError:
        raise
    except (TraplineError, ValueError) as error:
        said = error.sentence if isinstance(error, TraplineError) else "the form is not this page's"
        return _invitation(code, f"{said[0].upper()}{said[1:]}.", _shown(form)), 422
    return make_response(redirect(url_for("door.sign_in"), 303))


def _shown(form: Mapping[str, str]) -> bytes:
    """The secret that the page showed, so that what was scanned stays right after a mistake; empty: none."""
    try:
        secret = bytes.fromhex(form.get("secret", ""))
    except ValueError:
        return b""
    return secret if len(secret) == passwords.SECRET_BYTES else b""


def _invitation(code: str, problem: str, secret: bytes = b"") -> str:
    import segno
    from markupsafe import Markup

    found = invitations.open_(app_context().home, code, secret)
    picture = segno.make(found.uri, error="m").svg_inline(scale=4, omitsize=True)
    return render_template(
        "invitation.html.j2",
        found=found,
        picture=Markup(picture),  # noqa: S704  black and white squares of segno's
        uri=found.uri,
        key=base64.b32encode(found.secret).decode(),
        secret=found.secret.hex(),
        problem=problem,
    )


@page.post("/leave")
def leave() -> Response:
    """End the session, on the server."""
    cookie, here = request.cookies.get(COOKIE, ""), app_context()
    here.doorkeeper.leave(cookie)
    if "actor" in g:
        sessions.sign_out(here.home, cookie)
    response = make_response(render_template("left.html.j2"))
    response.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.is_secure, path="/")
    return response
