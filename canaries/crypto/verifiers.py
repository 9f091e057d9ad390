"""What tells the right secret of a canary from a wrong one, without being the secret: hashes, in the canary's label.

A minted secret holds more than 100 bits of chance, so no hash of it leads back to it. The label is sealed under the
``alerts`` key, which a thief of the database does not have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from canaries.core.model import Token

SECRETS = frozenset({"password", "secret", "token", "auth_token", "api_key", "private_key"})
"""Facets that are secrets themselves."""
_SHORTEST = 16
"""Characters. A shorter secret (VNC's eight) could be found from its hash."""


def verifiers(tokens: Iterable[Token], traps: Iterable[str]) -> dict[str, str]:
    """By scheme, hexadecimal, of a canary with these tokens that leads to ``traps``; empty where it has
    no secret, or several."""
    secrets = [one.value.encode() for one in tokens if one.facet in SECRETS and len(one.value) >= _SHORTEST]
    if len(secrets) != 1:
        return {}
    found = {"clear": hashlib.sha256(secrets[0]).hexdigest()}
    if "mysql" in traps:
        once = hashlib.sha1(secrets[0]).digest()  # noqa: S324  the protocol's
        found["mysql_native_password"] = hashlib.sha1(once).hexdigest()  # noqa: S324
        found["caching_sha2_password"] = hashlib.sha256(hashlib.sha256(secrets[0]).digest()).hexdigest()
    return found


def shown_in_clear(found: Mapping[str, str], secret: str) -> bool | None:
    """Whether ``secret`` is the canary's; None where it has no verifier."""
    if "clear" not in found:
        return None
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest() == found["clear"]


def answers_mysql(found: Mapping[str, str], challenge: bytes, response: bytes) -> bool | None:
    """Whether the scramble ``response`` to ``challenge`` was made with the canary's secret; None where that cannot be
    said ("Native Authentication", "Caching_sha2_password information")."""
    salt = challenge[:20]
    if len(salt) != 20:
        return None
    if len(response) == 20 and "mysql_native_password" in found:
        twice = bytes.fromhex(found["mysql_native_password"])
        once = _xor(response, hashlib.sha1(salt + twice).digest())  # noqa: S324
        return hashlib.sha1(once).digest() == twice  # noqa: S324
    if len(response) == 32 and "caching_sha2_password" in found:
        twice = bytes.fromhex(found["caching_sha2_password"])
        once = _xor(response, hashlib.sha256(twice + salt).digest())
        return hashlib.sha256(once).digest() == twice
    return None


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
