"""Accounts: who may use console and API, invited, given another role, disabled and recovered by an admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.accounts import accounts, approvals, sessions, tokens
from canaries.accounts.permissions import ROLES, Permission
from canaries.core.errors import NotFoundError
from listener.console import permits
from listener.console.pages import app_context, words
from listener.console.permits import needs

if TYPE_CHECKING:
    from canaries.accounts.accounts import OperatorAccount

page = Blueprint("accounts", __name__)
NAV = (80, "Accounts", "accounts.index")

_LONGEST = 80


@page.get("/accounts")
@needs(Permission.ACCOUNTS_READ)
def index() -> str:
    """Everybody, and how each can be used."""
    home = app_context().home
    return render_template(
        "accounts.html.j2", accounts=accounts.listing(home), roles=_roles(), now=home.now()
    )


@page.post("/accounts")
@needs(Permission.ACCOUNTS_CHANGE)
def invite() -> str:
    """Make an account; the code of its invitation is on this page and on no other."""
    home, form, why = app_context().home, request.form, words("reason", "the reason")
    name, role = (
        accounts.clean_name(form.get("name", "")[:_LONGEST]),
        accounts.known_role(form.get("role", "")),
    )
    _approved(f"{name}: made {role}", why)
    made, code = accounts.add(home, name, role, why)
    return _shown(made, code)


@page.get("/accounts/<name>")
@needs(Permission.ACCOUNTS_READ)
def one(name: str) -> str:
    """One account, where it is signed in, and its tokens."""
    return _shown(accounts.find(app_context().home, name))


@page.post("/accounts/<name>/role")
@needs(Permission.ACCOUNTS_CHANGE)
def role(name: str) -> Response:
    """Another role, at once; its sessions end."""
    home, why = app_context().home, words("reason", "the reason")
    found, wanted = accounts.find(home, name), accounts.known_role(request.form.get("role", ""))
    _approved(f"{found.name}: role {wanted}", why)
    return _back(accounts.set_role(home, found.id, wanted, why))


@page.post("/accounts/<name>/disable")
@needs(Permission.ACCOUNTS_CHANGE)
def disable(name: str) -> Response:
    """Let neither password nor token in any more."""
    return _back(accounts.disable(app_context().home, name, words("reason", "the reason")))


@page.post("/accounts/<name>/enable")
@needs(Permission.ACCOUNTS_CHANGE)
def enable(name: str) -> Response:
    """Let it in again."""
    home, why = app_context().home, words("reason", "the reason")
    _approved(f"{accounts.find(home, name).name}: enabled", why)
    return _back(accounts.enable(home, name, why))


@page.post("/accounts/<name>/recover")
@needs(Permission.ACCOUNTS_CHANGE)
def recover(name: str) -> str:
    """Another admin's act: password, one-time codes, sessions and tokens are gone; a new invitation's code, once."""
    home, why = app_context().home, words("reason", "the reason")
    _approved(f"{accounts.find(home, name).name}: recovered", why)
    found, code = accounts.reset(home, name, why)
    return _shown(found, code)


@page.post("/accounts/<name>/sign-out")
@needs(Permission.ACCOUNTS_CHANGE)
def sign_out(name: str) -> Response:
    """End all its sessions; its owner can sign in again."""
    home = app_context().home
    found = accounts.find(home, name)
    sessions.end_all(home, found.id, words("reason", "the reason"))
    return _back(found)


@page.post("/accounts/<name>/tokens/<token_id>/revoke")
@needs(Permission.ACCOUNTS_CHANGE)
def revoke(name: str, token_id: str) -> Response:
    """Revoke one of its tokens, at once."""
    home = app_context().home
    found, why = accounts.find(home, name), words("reason", "the reason")
    if token_id not in [token.id for token in tokens.listing(home, found.id)]:
        raise NotFoundError("this account has no such token")
    tokens.revoke(home, token_id, why)
    return _back(found)


def _approved(about: str, reason: str) -> None:
    """Raises NeedsApprovalError where the settings ask for a second person."""
    approvals.require(app_context().home, permits.actor(), "accounts", about, reason)


def _back(account: OperatorAccount) -> Response:
    return redirect(url_for("accounts.one", name=account.id), 303)


def _shown(account: OperatorAccount, code: str = "") -> str:
    home, who = app_context().home, permits.actor()
    return render_template(
        "account.html.j2",
        account=account,
        code=code,
        link=url_for("door.invited", code=code, _external=True) if code else "",
        mine=who is not None and who.account == account.id,
        roles=_roles(),
        sessions=sessions.listing(home, account.id),
        tokens=tokens.listing(home, account.id),
        now=home.now(),
    )


def _roles() -> list[str]:
    return list(ROLES)
