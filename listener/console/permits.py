"""Which permission each page and each action needs: declared beside it, asked before it runs.

Whoever came by the link of the terminal has a shell and the keys, and may do all of it. An account may do what its role
allows (`canaries.accounts.permissions`); an endpoint that declares nothing is closed to every account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g
from sqlalchemy import select

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core import store
from canaries.core.errors import AccessError, NotFoundError
from canaries.mint import catalogue

if TYPE_CHECKING:
    from canaries.accounts.permissions import Actor
    from canaries.installation.home import Home

View = TypeVar("View", bound=Callable[..., Any])

OPEN = {
    *("door.enter", "door.sign_in", "door.signed_in", "door.invited", "door.accept", "static"),
    *("passkeys.options", "passkeys.signed_in", "openid.begin", "openid.back"),
}
"""Endpoints that need no session."""
FROM_ELSEWHERE = {"door.enter", "door.sign_in", "openid.back"}
"""Those that another site may lead to: the one-time link, the page that asks who somebody is, the provider's answer."""
ANYBODY = {"door.root", "door.leave"}
"""Endpoints that need a session and no permission."""


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Declare what a view needs: all of these."""

    def declare(view: View) -> View:
        view.needs = permissions  # type: ignore[attr-defined]
        return view

    return declare


def needed(endpoint: str) -> tuple[Permission, ...] | None:
    """What an endpoint declared; None: nothing."""
    found: tuple[Permission, ...] | None = getattr(current_app.view_functions.get(endpoint), "needs", None)
    return found


def check(who: Actor, endpoint: str) -> None:
    """Raises AccessError where this account may not."""
    if endpoint in ANYBODY:
        return
    declared = needed(endpoint)
    if not declared:
        raise AccessError("this page is not for accounts", hint="use: trapline console, and its link")
    for permission in declared:
        who.require(permission)


def actor() -> Actor | None:
    """The account that asks; None: whoever came by the link."""
    found: Actor | None = g.get("actor")
    return found


def may(scope: str) -> bool:
    """For templates: whether whoever asks may do this, if only with their own."""
    who = actor()
    return who is None or who.may(Permission(scope))


def may_reach(endpoint: str) -> bool:
    """Whether whoever asks may open this page."""
    who = actor()
    return who is None or (all(map(who.may, needed(endpoint) or ())) and bool(needed(endpoint)))


def only(permission: Permission) -> str:
    """The account, by its id, whose canaries alone whoever asks may see; empty: everybody's."""
    who = actor()
    return "" if who is None or who.may_all(permission) else who.account


def own(home: Home, canary_id: str, permission: Permission) -> None:
    """Raises NotFoundError, the same for no canary and for another's, where it is not theirs to see."""
    mine = only(permission)
    if mine and whose(home, catalogue.find(home, canary_id).id) != mine:
        raise NotFoundError(f"there is no canary {canary_id}", hint="see: trapline list")


def revealable(home: Home, canary_id: str, reason: str) -> None:
    """Raises NeedsApprovalError where a second person has to approve it first; whoever minted it has seen it anyway."""
    who, id_ = actor(), catalogue.find(home, canary_id).id
    if who is not None and whose(home, id_) != who.account:
        approvals.require(home, who, "reveal", f"canary {id_}", reason)


def whose(home: Home, canary_id: str) -> str:
    """Id of the account that minted a canary; empty: none, somebody with the keys did."""
    column = store.canary.c.account
    with home.store.read() as connection:
        return str(connection.scalar(select(column).where(store.canary.c.id == canary_id)) or "")
