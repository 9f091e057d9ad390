"""A real OpenID Connect provider on loopback for tests: it believes whoever types a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from canaries.installation.home import Home
from tests import steady

_TOML = """
[openid]
issuer = "{}"
client_id = "trapline"
client_secret = "of the test"
roles = ["trapline-admins=admin", "staff=analyst"]
label = "the <b>Trust"
"""


@contextmanager
def running() -> Iterator[str]:
    """The issuer of one. It uses what is to go from Authlib: a test of it ignores DeprecationWarning."""
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def trust(home: Home, issuer: str) -> None:
    """Let the home's console take the word of ``issuer``."""
    path = home.path / "trapline.toml"
    path.write_text(path.read_text() + _TOML.format(issuer))
    home.__dict__.pop("settings", None)


def person(issuer: str, subject: str, **claims: Any) -> str:
    """Somebody whom it knows, with these claims; the subject."""
    requests.put(f"{issuer}/users/{subject}", json=claims, timeout=steady.PATIENCE).raise_for_status()
    return subject
