"""``trapline outside``: nothing is asked unless switched on; what came back is shown and recorded."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli
from listener.incidents import queries
from tests.outside_servers import name_service


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(cli.trapline, ["--home", str(home.path), "outside", *words])


def test_list_asks_nobody_and_says_who_learns_what(home: Home) -> None:
    done = run(home, "list")
    assert "ptr: off" in done.stdout
    assert "a visitor who runs it learns" in done.stdout
    rows = [json.loads(line) for line in run(home, "list", "--json").stdout.splitlines()]
    assert {row["name"] for row in rows} == {"abuseipdb", "cymru", "greynoise", "ptr", "rdap"}
    assert not any(row["enabled"] for row in rows)


def test_ask_and_answers(home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    canary = next(iter(mint(home, "url"))).canary
    incident = queries.one(home, strike(home, canary, ip="8.8.8.8")).incident
    refused = run(home, "ask", incident)
    assert isinstance(refused.exception, SettingsError)
    with name_service() as names:
        for name, value in (
            ("ENABLED", "true"),
            ("SERVER", names.server),
            ("PAUSE_SECONDS", "0"),
            ("JITTER_SECONDS", "0"),
            ("WAIT_HOURS", "0"),
        ):
            monkeypatch.setenv(f"TRAPLINE_OUTSIDE_PTR_{name}", value)
        names.zone["8.8.8.8.in-addr.arpa", "PTR"] = ["dns.google."]
        names.zone["dns.google", "A"] = ["8.8.8.8"]
        done = run(home, "ask", incident[:8], "--reason", "ticket 7")
        assert done.exit_code == 0, done.output
        assert "confirmed: dns.google" in done.stdout
        assert run(home, "ask", incident).stdout == "", "what is known is not asked again"
        assert run(home, "ask", "--days", "366").exit_code == 0
        assert len(names.asked) == 2
        names.zone.clear()
    (row,) = [json.loads(line) for line in run(home, "answers", incident, "--json").stdout.splitlines()]
    assert row["fact"]["confirmed"] == ["dns.google"]
    assert row["queries"] == ["PTR 8.8.8.8.in-addr.arpa", "A dns.google"]
    assert f"of {names.server}" in run(home, "answers", incident).stdout


def test_a_failure_is_status_one(
    home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = next(iter(mint(home, "url"))).canary
    incident = queries.one(home, strike(home, canary, ip="8.8.8.8")).incident
    for name, value in (("ENABLED", "true"), ("SERVER", "127.0.0.1:1"), ("PAUSE_SECONDS", "0")):
        monkeypatch.setenv(f"TRAPLINE_OUTSIDE_CYMRU_{name}", value)
    monkeypatch.setenv("TRAPLINE_OUTSIDE_CYMRU_JITTER_SECONDS", "0")
    done = run(home, "ask", incident)
    assert done.exit_code == 1
    assert "no answer" in done.stdout
    assert run(home, "ask").exit_code == 2
