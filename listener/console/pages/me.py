"""One's own account: where one is signed in, and one's tokens, with their last use; each can be ended."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.accounts import accounts, passkeys, sessions, tokens
from canaries.accounts.invitations import digest
from canaries.accounts.permissions import Permission, scopes_of
from canaries.core.errors import NotFoundError, TraplineError
from listener.console import passkey_origin, permits
from listener.console.auth import COOKIE
from listener.console.entrance import just_signed_in, me
from listener.console.pages import app_context, words
from listener.console.permits import needs

page = Blueprint("me", __name__)
NAV = (90, "You", "me.index")

_LONGEST = 80


@page.get("/you")
@needs(Permission.TOKENS)
def index() -> str:
    """Sessions and tokens of whoever asks; whoever came by the link has neither."""
    return _shown()


@page.post("/you/sessions/<session_id>/end")
@needs(Permission.TOKENS)
def end_session(session_id: str) -> Response:
    """End one of one's own sessions: a browser that was left somewhere."""
    sessions.end(app_context().home, me().account, session_id, _why())
    return redirect(url_for("me.index"), 303)


@page.post("/you/tokens")
@needs(Permission.TOKENS)
def make_token() -> str:
    """A token of one's own; its secret is on this page and on no other."""
    home, form, who = app_context().home, request.form, just_signed_in()
    days = form.get("days", str(tokens.DAYS))
    if not (days.isascii() and days.isdigit() and len(days) < 5):
        raise TraplineError("the days are not a number", hint="go back and write one: 90")
    mine = accounts.find(home, who.account)
    _, secret = tokens.create(
        home, mine, form.get("name", "")[:_LONGEST], form.getlist("scope"), int(days), who
    )
    return _shown(secret)


@page.post("/you/tokens/<token_id>/revoke")
@needs(Permission.TOKENS)
def revoke_token(token_id: str) -> Response:
    """Revoke one of one's own tokens, at once."""
    home = app_context().home
    if token_id not in [token.id for token in tokens.listing(home, me().account)]:
        raise NotFoundError("there is no such token of yours")
    tokens.revoke(home, token_id, _why())
    return redirect(url_for("me.index"), 303)


def _why() -> str:
    """One's own are ended without a reason too; one that is given is kept."""
    return words("reason", "the reason") if request.form.get("reason", "").strip() else ""


def _shown(secret: str = "") -> str:
    home, who = app_context().home, permits.actor()
    if who is None:
        return render_template("you.html.j2", account=None)
    return render_template(
        "you.html.j2",
        account=accounts.find(home, who.account),
        secret=secret,
        sessions=sessions.listing(home, who.account),
        this=sessions.session_id(digest(request.cookies.get(COOKIE, ""))),
        tokens=tokens.listing(home, who.account),
        passkeys=passkeys.listing(home, who.account),
        party=passkey_origin.party(),
        elsewhere=passkey_origin.elsewhere(),
        scopes=scopes_of(who.role),
        days=tokens.DAYS,
        most_days=tokens.MOST_DAYS,
        now=home.now(),
    )
