"""The link: whoever can read the terminal that the console was started in may use it. Accounts are `canaries.accounts`.

The terminal shows a link with a secret that works once and not for long; it is exchanged for a session, a random
cookie that lives in this process's memory only. No password is stored anywhere, and a restart ends every session.

Cookies know no ports (RFC 6265, 8.5): another service on the same loopback address would get this cookie. Hence the
cookie is bound to nothing that such a service could forge here either: see `listener.console.security` on
``Sec-Fetch-Site``, and run no strangers' services on the machine that holds the vault's key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from canaries.core import clock

LINK_SECONDS = 600.0
SESSION_SECONDS = 8 * 3600.0
"""Without a request for this long a session ends."""
COOKIE = "trapline_session"
_MOST_SESSIONS = 16


@dataclass(slots=True)
class BrowserSession:
    """One browser that came by the link."""

    csrf: str
    """Proves that a form came from this console (OWASP, synchroniser token)."""
    until: float
    """On the monotonic clock."""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Doorkeeper:
    """Gives out links, and sessions for links. Safe with any number of threads."""

    def __init__(self, tick: Callable[[], float] = clock.monotonic) -> None:
        self._tick = tick
        self._lock = threading.Lock()
        self._link: tuple[bytes, float] | None = None
        self._sessions: dict[bytes, BrowserSession] = {}
        """By the SHA-256 of the cookie: a look-up by digest tells a guesser nothing by its timing."""

    def link(self) -> str:
        """A fresh link secret, 256 bits; the one before it is worth nothing any more."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._link = (_digest(secret), self._tick() + LINK_SECONDS)
        return secret

    def enter(self, secret: str) -> str | None:
        """The cookie of a new session, or None where the link is wrong, used or too old."""
        with self._lock:
            if self._link is None or not hmac.compare_digest(self._link[0], _digest(secret)):
                return None
            until, self._link = self._link[1], None
            if self._tick() > until:
                return None
            cookie = secrets.token_urlsafe(32)
            self._sessions[_digest(cookie)] = BrowserSession(
                secrets.token_urlsafe(32), self._tick() + SESSION_SECONDS
            )
            while len(self._sessions) > _MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            return cookie

    def session(self, cookie: str, *, extend: bool = True) -> BrowserSession | None:
        """The live session of this cookie. A stream asks without extending it: an open tab is no operator."""
        key = _digest(cookie)
        with self._lock:
            found = self._sessions.get(key)
            if found is None:
                return None
            now = self._tick()
            if now > found.until:
                del self._sessions[key]
                return None
            if extend:
                found.until = now + SESSION_SECONDS
            return found

    def leave(self, cookie: str) -> None:
        """End this session."""
        with self._lock:
            self._sessions.pop(_digest(cookie), None)
