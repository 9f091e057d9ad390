"""Password hashes as common web frameworks store them, made with the standard library."""

from __future__ import annotations

import base64
import hashlib

from canaries.core.errors import MintError

_MOST = 10_000_000
"""Of either cost: nobody's server spends more, and a typing error should not take an hour."""


def pbkdf2(password: str, salt: str, iterations: int = 0) -> str:
    """``pbkdf2_sha256$ITERATIONS$SALT$HASH``, Django's default; 1,000,000 is Django 5.2's cost."""
    iterations = _checked(iterations or 1_000_000)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"


def pbkdf2_werkzeug(password: str, salt: str, iterations: int = 0) -> str:
    """``pbkdf2:sha256:ITERATIONS$SALT$HASH``, Werkzeug's older form; 1,000,000 is the cost of Werkzeug 3.1."""
    iterations = _checked(iterations or 1_000_000)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2:sha256:{iterations}${salt}${digest.hex()}"


def scrypt(password: str, salt: str, n: int = 0) -> str:
    """``scrypt:N:8:1$SALT$HASH``, Werkzeug's default, which Flask uses; 32768 is its cost."""
    n = _checked(n or 1 << 15)
    if n & (n - 1) or n < 2:
        raise MintError("the cost of scrypt must be a power of two", hint="e.g. --set cost=32768")
    digest = hashlib.scrypt(
        password.encode(), salt=salt.encode(), n=n, r=8, p=1, maxmem=132 * n * 8 + (1 << 20)
    )
    return f"scrypt:{n}:8:1${salt}${digest.hex()}"


def _checked(cost: int) -> int:
    if not 1 <= cost <= _MOST:
        raise MintError(f"the cost of a hash must be 1 to {_MOST}")
    return cost
