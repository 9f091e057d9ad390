"""Accounts of people for whom a provider vouches: made at their first sign-in, with the role that its claim gives.

A name is never enough: an account that was here before is not the provider's to open. The role follows the claim at
each sign-in; who has none of the named values does not come in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from canaries.accounts import accounts, backoff, sessions
from canaries.core import store
from canaries.core.errors import AccessError
from canaries.core.schema_accounts import identity

if TYPE_CHECKING:
    from canaries.accounts.sessions import SignedIn
    from canaries.core.settings_openid import OpenidSettings
    from canaries.installation.home import Home


def sign_in(home: Home, settings: OpenidSettings, claims: Mapping[str, Any], ip: str) -> SignedIn:
    """A session for whom these claims, which were checked, are about. Raises AccessError, TraplineError."""
    role = settings.role_of(_values(claims.get(settings.claim)))
    if not role:
        raise AccessError(
            "the provider gives you no role here",
            hint=f"its claim {settings.claim} has to name one",
            known=False,
        )
    accounts.known_role(role)
    digest, now = _digest(settings.issuer, str(claims["sub"])), home.now()
    with home.store.read() as connection:
        known = connection.scalar(select(identity.c.account_id).where(identity.c.digest == digest))
    if known is None:
        known = _new(home, settings, claims, role, digest)
    elif accounts.find(home, known).role != role:
        _follow(home, known, role)
    table = store.account
    with home.store.write() as connection:
        connection.execute(update(identity).where(identity.c.digest == digest).values(used_at=now))
        row = connection.execute(select(table).where(table.c.id == known)).first()
    if row is None or row.disabled_at:
        raise AccessError("this account is disabled", hint="ask an admin", known=False)
    return sessions.begin(home, row, backoff.network_of(ip), "openid")


def _new(home: Home, settings: OpenidSettings, claims: Mapping[str, Any], role: str, digest: bytes) -> str:
    name = accounts.clean_name(str(claims.get(settings.name_claim) or claims.get("email") or ""))
    values = {"id": secrets.token_hex(8), "name": name, "role": role, "created_at": home.now()}
    acting = home.acting(name, {"role": role, "by": "openid"})
    said = acting.act("account", {"account": name, "act": "added", "role": role, "provider": settings.issuer})
    table = store.account
    with home.store.write() as connection:
        if connection.scalar(select(table.c.id).where(table.c.name == name)) is not None:
            raise AccessError(
                f"there is an account called {name} that the provider does not vouch for",
                hint="sign in by its password, or ask an admin",
                known=False,
            )
        connection.execute(insert(table).values(**values))
        row = {"digest": digest, "account_id": values["id"], "issuer": settings.issuer[:400]}
        moments = {"created_at": values["created_at"], "used_at": values["created_at"]}
        connection.execute(insert(identity).values(**row, **moments))
        acting.writer.put(connection, said)
    return values["id"]


def _follow(home: Home, account_id: str, role: str) -> None:
    """The provider says another role than before: sessions of before end, the last admin stays one."""
    before = accounts.find(home, account_id)
    acting = home.acting(before.name, {"role": before.role, "by": "openid"})
    accounts.follow_provider(acting, account_id, role)


def _values(claim: Any) -> list[str]:
    return (
        [claim]
        if isinstance(claim, str)
        else [one for one in claim if isinstance(one, str)]
        if isinstance(claim, list)
        else []
    )


def _digest(issuer: str, subject: str) -> bytes:
    return hashlib.sha256(f"{issuer}\0{subject}".encode("utf-8", "surrogatepass")).digest()
