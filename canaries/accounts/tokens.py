"""API tokens: for programs. Shown once, kept as a hash, with scopes, an expiry and the time of the last use.

A token has those of its scopes that its account's role has at that moment; a disabled account's tokens do nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, insert, select, update

from canaries.accounts import backoff
from canaries.accounts.accounts import OperatorAccount, why
from canaries.accounts.invitations import digest
from canaries.accounts.permissions import Actor, actor, scopes_of
from canaries.core import store
from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.core.text import visible

if TYPE_CHECKING:
    from canaries.installation.home import Home

PREFIX = "tlapi_"
"""So that a person and a secret scanner see what it is."""
DAYS, MOST_DAYS = 90, 366
_MOST = 100
"""Live tokens of one account."""
_NOTED = timedelta(minutes=1)
"""How old the last use may be before it is written down again."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One line of ``trapline tokens list``; the secret is not in it."""

    id: str
    account: str
    """Name."""
    name: str
    """What it is for."""
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str
    revoked_at: str
    used_at: str
    """The last use, to the minute; empty: never."""
    used_from: str
    account_id: str


def create(
    home: Home,
    account: OperatorAccount,
    name: str,
    scopes: Collection[str] = (),
    days: int = DAYS,
    maker: Actor | None = None,
) -> tuple[ApiToken, str]:
    """A token, and its secret, shown once. Without scopes: all of the role. Raises TraplineError.

    ``maker``: who asks through console or API; they give away no scope that they do not have themselves, and a
    token makes none that outlives it.
    """
    most = set(scopes_of(account.role))
    if maker is not None:
        most &= {one.value for one in maker.reaches}
    wanted = sorted(set(scopes) or most)
    if unknown := sorted(set(wanted) - most):
        raise TraplineError(
            f"{visible(unknown[0][:60])!r} is no scope that this token can have",
            hint=f"of: {', '.join(sorted(most))}",
        )
    if not 1 <= days <= MOST_DAYS:
        raise TraplineError(f"a token lives 1 to {MOST_DAYS} days")
    if not name.strip() or len(name) > 80 or name != visible(name):
        raise TraplineError("a token needs a name of at most 80 plain characters", hint="say what it is for")
    secret, now, table = PREFIX + secrets.token_urlsafe(32), home.clock.now(), store.api_token
    values = {"id": secrets.token_hex(8), "digest": digest(secret), "account_id": account.id}
    values |= {"name": name.strip(), "scopes": " ".join(wanted), "created_at": rfc3339(now)}
    end = rfc3339(now + timedelta(days=days))
    if maker is not None and maker.token:
        end = min(end, find(home, maker.token).expires_at)
    values |= {"expires_at": end}
    body = {"account": account.name, "act": "token-made", "token": values["id"], "scopes": wanted}
    said = home.act("account", {**body, "expires_at": values["expires_at"], "name": values["name"]})
    with home.store.write() as connection:
        live = (
            (table.c.account_id == account.id)
            & (table.c.revoked_at == "")
            & (table.c.expires_at > rfc3339(now))
        )
        if connection.execute(select(func.count()).select_from(table).where(live)).scalar_one() >= _MOST:
            raise TraplineError(
                f"{account.name} has {_MOST} live tokens", hint="revoke those that nobody uses"
            )
        connection.execute(insert(table).values(**values))
        home.writer.put(connection, said)
    return find(home, str(values["id"])), secret


def listing(home: Home, account_id: str | None = None) -> list[ApiToken]:
    """Tokens, newest first; only those of one account where given."""
    query = _query().order_by(store.api_token.c.created_at.desc(), store.api_token.c.id)
    if account_id is not None:
        query = query.where(store.api_token.c.account_id == account_id)
    with home.store.read() as connection:
        return [_token(row) for row in connection.execute(query)]


def find(home: Home, token_id: str) -> ApiToken:
    """Raises NotFoundError."""
    with home.store.read() as connection:
        row = connection.execute(_query().where(store.api_token.c.id == token_id.strip().lower())).first()
    if row is None:
        raise NotFoundError(f"there is no token {visible(token_id[:40])}", hint="see: trapline tokens list")
    return _token(row)


def revoke(home: Home, token_id: str, reason: str = "") -> ApiToken:
    """Dead at once. Raises NotFoundError."""
    found, table, now = find(home, token_id), store.api_token, home.now()
    body = {"account": found.account, "act": "token-revoked", "token": found.id, **why(reason)}
    said = home.act("account", body, now)
    with home.store.write() as connection:
        live = (table.c.id == found.id) & (table.c.revoked_at == "")
        if connection.execute(update(table).where(live).values(revoked_at=now)).rowcount:
            home.writer.put(connection, said)
    return find(home, found.id)


def authenticate(home: Home, secret: str, ip: str) -> Actor:
    """Whose token this is, as of now. Raises AccessError: one sentence, whatever is wrong with it."""
    token, table, now = store.api_token, store.account, home.now()
    with home.store.read() as connection:
        row = connection.execute(
            select(token, table.c.name.label("account"), table.c.role, table.c.disabled_at)
            .join(table, table.c.id == token.c.account_id)
            .where(token.c.digest == digest(secret))
        ).first()
    if row is None or row.revoked_at or row.disabled_at or row.expires_at <= now:
        raise AccessError("the token is not valid", hint="it may be revoked or expired", known=False)
    _note_use(home, row, backoff.network_of(ip))
    return actor(row.account_id, row.account, row.role, token=row.id, scopes=frozenset(row.scopes.split()))


def _note_use(home: Home, row: Row[Any], network: str) -> None:
    now = home.clock.now()
    if row.used_at and now - parse_rfc3339(row.used_at) < _NOTED and row.used_from == network:
        return
    token = store.api_token
    with home.store.write() as connection:
        values = {"used_at": rfc3339(now), "used_from": network}
        connection.execute(update(token).where(token.c.id == row.id).values(**values))


def _query() -> Any:
    token, table = store.api_token, store.account
    return select(token, table.c.name.label("account")).join(table, table.c.id == token.c.account_id)


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        row.id,
        row.account,
        row.name,
        tuple(row.scopes.split()),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.used_at,
        row.used_from,
        row.account_id,
    )
