"""``trapline tokens``: the secret once, on standard output; the list without it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from canaries.accounts import accounts, tokens
from canaries.core.errors import AccessError, TraplineError
from canaries.installation.home import Home
from listener.cli import trapline


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        trapline, ["--home", str(home.path), "tokens", *arguments], catch_exceptions=False
    )


def test_a_token_from_its_making_to_its_end(home: Home) -> None:
    accounts.add(home, "pat", "planter")
    assert "No tokens yet" in run(home, "list").stderr
    made = run(home, "create", "pat", "--name", "laptop", "--scope", "canaries:mint")
    secret = made.stdout.strip()
    actor = tokens.authenticate(home, secret, "127.0.0.1")
    assert [str(one) for one in actor.reaches] == ["canaries:mint"]
    assert secret not in made.stderr
    listed = run(home, "list", "pat")
    assert secret not in listed.output
    assert "from 127.0.0.1" in listed.stdout
    assert json.loads(run(home, "list", "--json").stdout)["name"] == "laptop"
    run(home, "revoke", actor.token)
    assert "revoked" in run(home, "list").stdout
    with pytest.raises(AccessError):
        tokens.authenticate(home, secret, "127.0.0.1")


def test_what_a_role_does_not_have_is_no_scope(home: Home) -> None:
    accounts.add(home, "pat", "planter")
    with pytest.raises(TraplineError, match="no scope"):
        run(home, "create", "pat", "--name", "x", "--scope", "hits:read")
    again = json.loads(run(home, "create", "pat", "--name", "x", "--json").stdout)
    assert again["token"].startswith(tokens.PREFIX)
