"""Sign-in by the provider that the settings name: there, and back with its word on who somebody is."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canaries.accounts import federation
from canaries.accounts.openid import OpenidProvider
from canaries.core.errors import TraplineError
from listener.console.entrance import asked, inside
from listener.console.pages import app_context

page = Blueprint("openid", __name__)

COOKIE = "trapline_openid"
_MINUTES = 10


@page.get("/sign-in/openid")
def begin() -> AnyResponse:
    """To the provider, which asks who somebody is."""
    provider = _provider()
    where, kept = provider.begin(_back(), app_context().challenges)
    response = make_response(redirect(where, 303))
    response.set_cookie(
        COOKIE,
        kept,
        max_age=_MINUTES * 60,
        httponly=True,
        samesite="Lax",  # it has to come along when the provider sends the browser back
        secure=request.is_secure,
        path="/sign-in/openid",
    )
    return response


@page.get("/sign-in/openid/back")
def back() -> Response | tuple[str, int]:
    """A session, where the provider's answer holds."""
    here, provider, cookie = app_context(), _provider(), request.cookies.get(COOKIE, "")
    url = f"{_back()}?{request.query_string.decode('ascii', 'replace')}"
    try:
        claims = provider.finish(_back(), here.challenges, cookie, url)
        found = federation.sign_in(here.home, provider.settings, claims, request.remote_addr or "")
    except TraplineError as error:
        said = f"{error.sentence[0].upper()}{error.sentence[1:]}."
        return asked(f"{said} {(error.hint or '')[:1].upper()}{(error.hint or '')[1:]}".strip()), 401
    return inside(found.cookie, found)


def _provider() -> OpenidProvider:
    found = app_context().openid
    if found is None:
        abort(404)
    return found


def _back() -> str:
    root = app_context().origin or f"{request.scheme}://{request.host}"
    return root + url_for("openid.back")
