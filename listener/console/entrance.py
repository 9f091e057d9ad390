"""What every way in has: the page that asks who somebody is, the first page of a session, and who that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, make_response, render_template, request

from canaries.accounts import sessions
from canaries.core.errors import AccessError
from listener.console import passkey_origin, permits
from listener.console.auth import COOKIE
from listener.console.pages import app_context

if TYPE_CHECKING:
    from canaries.accounts.permissions import Actor
    from canaries.accounts.sessions import SignedIn


def asked(problem: str = "", name: str = "") -> str:
    """The page that asks who somebody is."""
    return render_template(
        "sign_in.html.j2",
        problem=problem,
        name=name,
        passkeys=passkey_origin.party() is not None,
        elsewhere=passkey_origin.elsewhere(),
        openid=app_context().openid,
    )


def inside(cookie: str, found: SignedIn | None = None) -> Response:
    """The first page of a session, which its cookie comes with."""
    response = make_response(render_template("entered.html.j2", found=found))
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", secure=request.is_secure, path="/")
    return response


def me() -> Actor:
    """The account that asks. Raises AccessError for whoever came by the link."""
    found = permits.actor()
    if found is None:
        raise AccessError(
            "whoever came by the link of the terminal has no account", hint="sign in as an account"
        )
    return found


def just_signed_in() -> Actor:
    """The same, for what outlives the session: a stolen cookie is not enough. Raises AccessError."""
    found = me()
    sessions.require_fresh(app_context().home, request.cookies.get(COOKIE, ""))
    return found
