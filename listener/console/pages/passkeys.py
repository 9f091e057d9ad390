"""Passkeys: one is made by whoever has just signed in, and from then on signs them in by itself."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canaries.accounts import passkeys
from canaries.accounts.permissions import Permission
from canaries.core.errors import AccessError
from listener.console import passkey_origin
from listener.console.entrance import asked, inside, just_signed_in, me
from listener.console.pages import app_context, words
from listener.console.permits import needs

page = Blueprint("passkeys", __name__)

JSON = "application/json"
_LONGEST = 80


@page.get("/sign-in/passkey")
def options() -> Response:
    """What a browser needs to ask an authenticator; it tells of no account."""
    made = passkeys.options_to_sign_in(passkey_origin.required(), app_context().challenges)
    return Response(made, mimetype=JSON)


@page.post("/sign-in/passkey")
def signed_in() -> Response | tuple[str, int]:
    """A session, or one sentence that tells a guesser nothing."""
    here, party = app_context(), passkey_origin.required()
    given = request.form.get("credential", "")
    try:
        found = passkeys.sign_in(here.home, party, here.challenges, given, request.remote_addr or "")
    except AccessError as error:
        return asked(f"{error.sentence[0].upper()}{error.sentence[1:]}."), 401
    return inside(found.cookie, found)


@page.get("/you/passkeys/new")
@needs(Permission.TOKENS)
def new_options() -> Response:
    """What a browser needs to have an authenticator make a passkey."""
    here, who = app_context(), just_signed_in()
    made = passkeys.options_to_register(here.home, who.account, passkey_origin.required(), here.challenges)
    return Response(made, mimetype=JSON)


@page.post("/you/passkeys")
@needs(Permission.TOKENS)
def register() -> AnyResponse:
    """Keep what the authenticator made."""
    here, form, who = app_context(), request.form, just_signed_in()
    passkeys.register(
        *(here.home, who.account, passkey_origin.required(), here.challenges),
        credential=form.get("credential", ""),
        name=form.get("name", "")[: _LONGEST + 1],
    )
    return redirect(url_for("me.index"), 303)


@page.post("/you/passkeys/<passkey_id>/remove")
@needs(Permission.TOKENS)
def remove(passkey_id: str) -> AnyResponse:
    """It signs in nobody any more."""
    why = words("reason", "the reason") if request.form.get("reason", "").strip() else ""
    passkeys.remove(app_context().home, me().account, passkey_id, why)
    return redirect(url_for("me.index"), 303)
