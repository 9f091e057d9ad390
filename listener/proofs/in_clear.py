"""Secrets that a client showed in clear, as far as one can be held against a canary's: passwords, bearer tokens, keys.

Of HTTP only what is meant as a login: a header called ``X-CSRF-Token`` is a token too, and says nothing of the canary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SCHEMES = {"basic": "password", "bearer": "token", "token": "token"}
"""Scheme of ``Authorization`` to what in it is the secret."""
_HEADERS = frozenset(
    "api-key dd-api-key job-token private-token x-api-key x-auth-token x-clickhouse-key x-shopify-access-token "
    "x-vault-token".split()
)
_FIELDS = frozenset({"client_secret", "password", "auth.identity.password.user.password"})
"""Of a query, a form or JSON."""
SHOWN_IN = frozenset({"password", "token", "credentials", "query", "form", "json"})
"""Of what was observed: without any of these nothing was shown."""


def secrets_in_clear(seen: Mapping[str, Any]) -> list[str]:
    """What was shown, in its order; the empty password is none. Never raises: all of it is hostile."""
    return [one for one in _shown(seen) if isinstance(one, str) and one]


def _shown(seen: Mapping[str, Any]) -> Iterator[object]:
    yield seen.get("password")
    if "user" not in seen:  # NATS
        yield seen.get("token")
    for one in _listed(seen.get("credentials")):
        if isinstance(one, Mapping):
            yield one.get(_SCHEMES.get(str(one.get("scheme")), ""))
            if one.get("scheme") == "header" and str(one.get("in")) in _HEADERS:
                yield one.get("token")
    for part in ("query", "form", "json"):
        for pair in _listed(seen.get(part)):
            if isinstance(pair, list | tuple) and len(pair) == 2 and str(pair[0]) in _FIELDS:
                yield pair[1]


def _listed(found: object) -> list[Any] | tuple[Any, ...]:
    return found if isinstance(found, list | tuple) else ()
