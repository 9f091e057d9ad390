"""With whose canaries somebody works. What is another's does not exist for whoever reaches only their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import NotFoundError

if TYPE_CHECKING:
    from canaries.accounts.permissions import Permission
    from canaries.installation.home import Home
    from listener.api.guard import Caller


def canary(who: Caller, canary_id: str, permission: Permission) -> str:
    """The id, where there is such a canary for them. Raises NotFoundError, the same for none and for another's."""
    table = store.canary
    with who.home.store.read() as connection:
        row = connection.execute(
            select(table.c.account).where(table.c.id == canary_id, table.c.sealed.is_not(None))
        ).first()
    if row is None or not (who.actor.may_all(permission) or row.account == who.actor.account):
        raise NotFoundError(f"there is no canary {canary_id}")
    return canary_id


def minter(home: Home, canary_id: str) -> str:
    """Id of the account that minted a canary; empty: somebody with the keys did."""
    column = store.canary.c.account
    with home.store.read() as connection:
        return str(connection.scalar(select(column).where(store.canary.c.id == canary_id)) or "")


def only(who: Caller, permission: Permission) -> str | None:
    """The account whose objects alone they see; None: everybody's."""
    return None if who.actor.may_all(permission) else who.actor.account
