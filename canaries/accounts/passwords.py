"""Passwords (Argon2id, RFC 9106) and one-time codes (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
import secrets
import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from canaries.core.errors import AccessError, TraplineError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 256
"""Characters of a password."""
STEP = 30
"""Seconds that a code holds; one step before and after is taken too, for clocks that differ."""
SECRET_BYTES = 20
_MOST_AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB: strangers who try passwords must not take all of it."""
_WAIT_SECONDS = 10.0


@cache
def _hasher() -> PasswordHasher:
    """With the second recommended parameters of RFC 9106, section 4."""
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobodys() -> str:
    """What a password is held against where there is no account: as slow as with one."""
    return _hasher().hash(secrets.token_urlsafe(16))


def hash_password(password: str, name: str = "") -> str:
    """In PHC form. Raises TraplineError where it is too short, too long or the account's name."""
    clean = unicodedata.normalize("NFC", password)
    if not SHORTEST <= len(clean) <= LONGEST:
        raise TraplineError(
            f"a password has {SHORTEST} to {LONGEST} characters", hint="some words in a row do"
        )
    if len(set(clean)) < 5 or (name and name.casefold() in clean.casefold() and len(clean) < len(name) + 8):
        raise TraplineError("this password is easily guessed", hint="some words in a row do")
    with _turn():
        return _hasher().hash(clean)


def matches(stored: str, password: str) -> bool:
    """Whether it is the password; without a stored one the same time goes by and the answer is no."""
    from argon2.exceptions import InvalidHashError, VerificationError

    clean = unicodedata.normalize("NFC", password[: LONGEST + 1])
    with _turn():
        try:
            return _hasher().verify(stored or _nobodys(), clean) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


class _turn:  # noqa: N801  a context manager
    """One of the few hashes at a time. Raises AccessError where the queue is too long."""

    def __enter__(self) -> None:
        if not _MOST_AT_ONCE.acquire(timeout=_WAIT_SECONDS):
            raise AccessError("too many sign in at this moment", hint="try again", known=False, wait=5)

    def __exit__(self, *_: object) -> None:
        _MOST_AT_ONCE.release()


def new_secret() -> bytes:
    """Of one-time codes: 160 bits (RFC 4226, section 4, R6)."""
    return secrets.token_bytes(SECRET_BYTES)


def provisioning_uri(secret: bytes, name: str, issuer: str) -> str:
    """``otpauth://`` for a QR code."""
    return str(_totp(secret).get_provisioning_uri(name, issuer)).replace("+", "%20")  # some show the plus


def code_at(secret: bytes, step: int) -> str:
    """Six digits of the time step ``step``."""
    return str(_totp(secret).generate(step * STEP).decode())


def matching_step(secret: bytes, code: str, seconds: int, after: int) -> int | None:
    """The time step whose code this is, now or one off; none that is not ``after`` the last one taken."""
    now, given = seconds // STEP, "".join(code.split())
    found = None
    for step in (now - 1, now, now + 1):
        if (
            hmac.compare_digest(code_at(secret, step).encode(), given.encode("utf-8", "replace"))
            and step > after
        ):
            found = step
    return found


def _totp(secret: bytes):  # type: ignore[no-untyped-def]
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(secret, 6, SHA1(), STEP)  # noqa: S303  what authenticator programs speak
