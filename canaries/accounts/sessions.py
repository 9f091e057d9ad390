"""Sessions of browsers: kept on the server as a hash of the cookie, ended by signing out, by an admin, or by a change.

A session holds as long as its account's version is the one at which it began: a role change, a reset and disabling
count the version up, so that no cache and no second process can let an old session in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from canaries.accounts import accounts, backoff, checkpoints, passwords
from canaries.accounts.invitations import digest, totp_context
from canaries.accounts.permissions import Actor, actor
from canaries.core import store
from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.errors import AccessError, NotFoundError
from canaries.core.text import visible
from canaries.crypto.sealed_box import BoxError, Locker

if TYPE_CHECKING:
    from canaries.installation.home import Home

IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
"""Without a request a session ends after `IDLE`; after `LONGEST` in any case."""
FRESH = timedelta(minutes=15)
_EXTENDED = timedelta(minutes=1)
"""How much later the end must be before it is written down again."""
_MOST = 8
"""Sessions of one account; the oldest goes."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser that is signed in; nothing in it lets anybody in."""

    id: str
    """16 hexadecimal digits, of the hash of its cookie."""
    created_at: str
    used_at: str
    """The last request, to the minute."""
    until: str
    """When it ends, unless it is used before."""
    network: str
    """Where it was begun from."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What signing in gives."""

    cookie: str = field(repr=False)
    actor: Actor
    last_seen: str
    """The log at the last sign-in, for the operator to compare: ``size root``; empty at the first."""
    rollback: str
    """A sentence where the log of today does not go on from there; else empty."""


def sign_in(home: Home, name: str, password: str, code: str, ip: str) -> SignedIn:
    """Raises AccessError: one sentence, whatever was wrong; ``wait`` where there were too many failures."""
    network, table, given = backoff.network_of(ip), store.account, _plain(name)
    with home.store.read() as connection:
        row = connection.execute(select(table).where(table.c.name == given)).first()
    backoff.check(home, given, network)
    right = passwords.matches(row.password if row else "", password)
    step = _step(home, row, code) if row else None
    if row is None or not right or step is None or row.disabled_at or not _taken(home, row, step):
        raise failure(home, row, given, network, "name, password or code is wrong")
    backoff.succeeded(home, given, network)
    return begin(home, row, network, "password")


def begin(home: Home, row: Row[Any], network: str, by: str) -> SignedIn:
    """A session of the account ``row``, whose owner has proven themselves by ``by``; an entry says so."""
    cookie, now = secrets.token_urlsafe(32), home.clock.now()
    session, who = store.account_session, actor(row.id, row.name, row.role)
    values = {"digest": digest(cookie), "account_id": row.id, "version": row.version, "network": network}
    values |= {"created_at": rfc3339(now), "until": rfc3339(now + IDLE), "used_at": rfc3339(now)}
    acting = home.acting(row.name, who.allowed)
    with home.store.write() as connection:
        connection.execute(delete(session).where(session.c.until < rfc3339(now)))
        mine = select(session.c.digest).where(session.c.account_id == row.id)
        older = (
            connection.execute(mine.order_by(session.c.created_at.desc()).offset(_MOST - 1)).scalars().all()
        )
        connection.execute(delete(session).where(session.c.digest.in_(older)))
        connection.execute(insert(session).values(**values))
        body = {"account": row.name, "outcome": "in", "from": network, "with": by}
        acting.writer.record(connection, "sign-in", rfc3339(now), row.name, body)
    last_seen, rollback = checkpoints.look(home, row.id)
    return SignedIn(cookie, who, last_seen, rollback)


def _plain(name: str) -> str:
    """The name as it may be kept and compared: what cannot be stored is in nobody's name."""
    return "".join(char for char in name.strip().lower()[:64] if char.isascii() and char.isprintable())


def _step(home: Home, row: Row[Any], code: str) -> int | None:
    if row.sealed is None:
        return None
    try:
        secret = Locker(home.keys.alerts).open(row.sealed, totp_context(row.id))
    except BoxError:
        return None
    return passwords.matching_step(secret, code, int(home.clock.now().timestamp()), row.totp_step)


def _taken(home: Home, row: Row[Any], step: int) -> bool:
    """Use the code up; False where another request was quicker."""
    table = store.account
    with home.store.write() as connection:
        fresh = (table.c.id == row.id) & (table.c.totp_step < step) & (table.c.version == row.version)
        return connection.execute(update(table).where(fresh).values(totp_step=step)).rowcount == 1


def failure(home: Home, row: Row[Any] | None, given: str, network: str, said: str) -> AccessError:
    """The name as it was given is not in the entry where nobody has it: it may be a password in the wrong field."""
    count = backoff.failed(home, given, network)
    if count in backoff.TOLD:
        body = {"account": row.name if row else "", "outcome": "failed", "failures": count, "from": network}
        with home.store.write() as connection:
            home.writer.record(connection, "sign-in", home.now(), "listener", body)
    return AccessError(said, known=False)


def actor_of(home: Home, cookie: str, *, extend: bool = True) -> Actor | None:
    """Whose session this is, as of now; None where it has ended. ``extend``: a person asks, not an open tab."""
    session, table, now = store.account_session, store.account, home.clock.now()
    with home.store.read() as connection:
        row = connection.execute(
            select(session, table.c.name, table.c.role, table.c.disabled_at, table.c.version.label("present"))
            .join(table, table.c.id == session.c.account_id)
            .where(session.c.digest == digest(cookie))
        ).first()
    if row is None or row.version != row.present or row.disabled_at or row.until <= rfc3339(now):
        return None
    end = min(now + IDLE, parse_rfc3339(row.created_at) + LONGEST)
    if end <= now:
        return None
    if extend and end - parse_rfc3339(row.until) >= _EXTENDED:
        with home.store.write() as connection:
            mine = session.c.digest == row.digest
            connection.execute(update(session).where(mine).values(until=rfc3339(end), used_at=rfc3339(now)))
    return actor(row.account_id, row.name, row.role)


def csrf_of(cookie: str) -> str:
    """Proves that a form came from this console: of the cookie, so that it needs no place of its own."""
    return hmac.new(cookie.encode("utf-8", "surrogatepass"), b"csrf", hashlib.sha256).hexdigest()


def sign_out(home: Home, cookie: str) -> None:
    """End this session."""
    session = store.account_session
    with home.store.write() as connection:
        connection.execute(delete(session).where(session.c.digest == digest(cookie)))


def listing(home: Home, account_id: str) -> list[OpenSession]:
    """The open sessions of an account, newest first."""
    session, table = store.account_session, store.account
    query = (
        select(session)
        .join(table, table.c.id == session.c.account_id)
        .where(session.c.account_id == account_id, session.c.version == table.c.version)
        .where(session.c.until > home.now())
    )
    with home.store.read() as connection:
        rows = connection.execute(query.order_by(session.c.created_at.desc(), session.c.digest)).all()
    return [
        OpenSession(
            session_id(row.digest), row.created_at, row.used_at or row.created_at, row.until, row.network
        )
        for row in rows
    ]


def require_fresh(home: Home, cookie: str) -> None:
    """For what outlives the session: raises AccessError where it did not begin just now, as a stolen cookie's."""
    session = store.account_session
    with home.store.read() as connection:
        begun = connection.scalar(select(session.c.created_at).where(session.c.digest == digest(cookie)))
    if begun is None or parse_rfc3339(begun) + FRESH < home.clock.now():
        raise AccessError(
            f"for this you must have signed in within the last {FRESH.seconds // 60} minutes",
            hint="sign out, sign in, and do it then",
        )


def session_id(hashed: bytes) -> str:
    """How a session is named, from the hash of its cookie."""
    return hashed.hex()[:16]


def end(home: Home, account_id: str, wanted: str, reason: str = "") -> None:
    """End one session of an account. Raises NotFoundError where it has none of that id."""
    found = [one for one in _hashes(home, account_id) if session_id(one) == wanted]
    if not found:
        raise NotFoundError(f"there is no session {visible(wanted[:40])}", hint="it may have ended")
    _end(home, account_id, 1, store.account_session.c.digest.in_(found), reason)


def end_all(home: Home, account_id: str, reason: str = "") -> int:
    """End every session of an account; how many there were."""
    open_ = len(_hashes(home, account_id))
    _end(home, account_id, open_, store.account_session.c.account_id == account_id, reason)
    return open_


def _hashes(home: Home, account_id: str) -> list[bytes]:
    session = store.account_session
    with home.store.read() as connection:
        return list(
            connection.execute(select(session.c.digest).where(session.c.account_id == account_id)).scalars()
        )


def _end(home: Home, account_id: str, many: int, which: ColumnElement[bool], reason: str) -> None:
    account = accounts.find(home, account_id)
    body = {"account": account.name, "act": "signed-out", "sessions": many, **accounts.why(reason)}
    said = home.act("account", body)
    with home.store.write() as connection:
        connection.execute(delete(store.account_session).where(which))
        home.writer.put(connection, said)
