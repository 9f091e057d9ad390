"""``trapline accounts``: what it prints, once, and what it refuses."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from canaries.accounts import invitations, passwords
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from listener.cli import trapline
from tests.accounts import PASSWORD, member


def run(home: Home, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(
        trapline, ["--home", str(home.path), "accounts", *arguments], input=stdin, catch_exceptions=False
    )


def test_from_adding_to_signing_in(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    made = json.loads(run(home, "add", "pat", "--role", "planter", "--json").stdout)
    secret = passwords.new_secret()
    monkeypatch.setattr(passwords, "new_secret", lambda: secret)
    code = passwords.code_at(secret, int(home.clock.now().timestamp()) // passwords.STEP + 1)
    done = run(home, "accept", stdin=f"{made['invitation']}\n{PASSWORD}\n{PASSWORD}\n{code}\n")
    assert "pat signs in from now on" in done.stderr
    assert PASSWORD not in done.output
    assert made["invitation"] not in done.output
    assert "signs in" in run(home, "list").stdout
    assert json.loads(run(home, "list", "--json").stdout)["signs_in"] is True


def test_changes(home: Home) -> None:
    run(home, "add", "pat", "--role", "planter")
    assert "pat is analyst now" in run(home, "role", "pat", "analyst").stderr
    assert "disabled" in run(home, "disable", "pat", "--reason", "left").stderr
    assert "disabled" in run(home, "list").stdout
    run(home, "enable", "pat", "--reason", "back")
    done = run(home, "reset", "pat", "--reason", "lost it")
    assert "/invitation/CODE" in done.stderr
    code = done.stdout.strip()
    assert invitations.open_(home, code).name == "pat"
    assert run(home, "role", "pat", "root").exit_code == 2
    with pytest.raises(TraplineError, match="there is no account"):
        run(home, "role", "nobody", "admin")


def test_sessions_are_shown_and_ended(home: Home) -> None:
    someone = member(home, "ana", "analyst")
    assert "Not signed in" in run(home, "sessions", "ana").stderr
    someone.sign_in(ip="203.0.113.7")
    assert "203.0.113.7" in run(home, "sessions", "ana").stdout
    assert json.loads(run(home, "sessions", "ana", "--json").stdout)["network"] == "203.0.113.7"
    assert "1 session ended" in run(home, "sign-out", "ana", "--reason", "stolen laptop").stderr
    assert run(home, "sessions", "ana").stdout == ""


def test_an_invited_person_is_called_invited(home: Home) -> None:
    run(home, "add", "pat", "--role", "planter", "--reason", "new here")
    assert "invited until" in run(home, "list").stdout


def test_none_yet(home: Home) -> None:
    assert "No accounts yet" in run(home, "list").stderr
