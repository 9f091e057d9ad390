"""Invitations: a code, valid for a day and once, with which a person sets their password and one-time codes.

opened = invitations.open_(home, code)         who is invited, and a fresh secret for their authenticator
invitations.accept(home, code, secret, password, totp)
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select, update

from canaries.accounts import passwords
from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import AccessError, TraplineError
from canaries.crypto.sealed_box import Locker

if TYPE_CHECKING:
    from canaries.installation.home import Home

DAYS = 1


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What whoever has the code sees before they accept."""

    name: str
    role: str
    secret: bytes = field(repr=False)
    """Of one-time codes; kept nowhere until the invitation is accepted with a code made from it."""
    uri: str = field(repr=False)
    """``otpauth://`` with that secret, for a QR code."""


def new(home: Home) -> tuple[str, dict[str, Any]]:
    """A code, and the columns of an account's row that keep its hash."""
    code = secrets.token_urlsafe(32)
    until = rfc3339(home.clock.now() + timedelta(days=DAYS))
    return code, {"invitation": digest(code), "invited_until": until}


def digest(secret: str) -> bytes:
    """How a secret of 256 random bits is kept; a look-up by it tells a guesser nothing by its timing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def open_(home: Home, code: str, secret: bytes = b"") -> OpenInvitation:
    """``secret``: the one that was shown before. Raises AccessError where the code is wrong, used or too old."""
    with home.store.read() as connection:
        row = _row(home, connection, code)
    secret = secret or passwords.new_secret()
    uri = passwords.provisioning_uri(secret, row.name, home.settings.operator.organisation or "console")
    return OpenInvitation(row.name, row.role, secret, uri)


def accept(home: Home, code: str, secret: bytes, password: str, totp: str) -> str:
    """Set both, once; the account's name. ``totp``: a code made from ``secret`` just now. Raises TraplineError."""
    with home.store.read() as connection:
        row = _row(home, connection, code)
    step = passwords.matching_step(secret, totp, _seconds(home), 0)
    if step is None:
        raise TraplineError(
            "the one-time code does not match", hint="check the clock of the device, and try the next one"
        )
    hashed = passwords.hash_password(password, row.name)
    box = Locker(home.keys.alerts).seal(secret, totp_context(row.id))
    values = {"password": hashed, "sealed": box, "totp_step": step, "invitation": None, "invited_until": ""}
    table, acting = store.account, home.acting(row.name, {"role": row.role, "by": "invitation"})
    with home.store.write() as connection:
        mine = (table.c.id == row.id) & (table.c.invitation == digest(code))
        done = connection.execute(update(table).where(mine).values(**values, version=row.version + 1))
        if done.rowcount != 1:
            raise _refusal()
        body = {"account": row.name, "act": "accepted"}
        acting.writer.record(connection, "account", home.now(), row.name, body)
    return str(row.name)


def totp_context(account_id: str) -> bytes:
    """Binds the box of a secret to its account."""
    return f"account:{account_id}:totp".encode()


def _seconds(home: Home) -> int:
    return int(home.clock.now().timestamp())


def _row(home: Home, connection: Connection, code: str) -> Row[Any]:
    table = store.account
    row = connection.execute(select(table).where(table.c.invitation == digest(code))).first()
    if row is None or row.disabled_at or row.invited_until <= home.now():
        raise _refusal()
    return row


def _refusal() -> AccessError:
    return AccessError(
        "this invitation is not valid, or was used", hint="ask an admin for another one", known=False
    )
