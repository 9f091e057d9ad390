from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from listener.commands.rules import command


def run(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(command, list(words), obj=Session(home.path))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_m1_a_rule_is_made_listed_and_ended(home: Home) -> None:
    made = json.loads(
        run(
            home, "add", "--network", "192.0.2.0/24", "--client", "nessus", "--reason", "ticket 7", "--json"
        ).stdout
    )
    assert (made["mark"], made["networks"], made["owner"]) == ("own", ["192.0.2.0/24"], home.operator)
    assert "192.0.2.0/24; client ~ nessus" in run(home, "list").stdout
    run(home, "remove", made["id"], "--reason", "over")
    assert "no rules" in run(home, "list").stderr
    with pytest.raises(NotFoundError):
        run(home, "remove", made["id"])


def test_a_mute_is_for_one_canary_and_ends(home: Home) -> None:
    canary = next(mint(home, "url")).canary
    run(home, "add", "--mute", "--canary", canary.id[:8], "--for", "12h", "--reason", "noisy")
    (line,) = run(home, "list", "--json").stdout.splitlines()
    assert (json.loads(line)["mark"], json.loads(line)["canary"]) == ("mute", canary.id)


def test_a_rule_is_proposed_from_an_incident(home: Home, strike: Callable[..., str]) -> None:
    from listener.incidents import queries

    canary = next(mint(home, "url")).canary
    hit = queries.one(home, strike(home, canary, at=home.now()))
    made: Any = json.loads(run(home, "add", "--incident", hit.incident, "--reason", "ours", "--json").stdout)
    assert made["networks"] == [f"{hit.ip}/32"]
    strike(home, canary, at=home.now())
    marked = [one.facts.get("operator_rule", {}).get("rule") for one in queries.hits(home)]
    assert marked == [None, made["id"]]


@pytest.mark.parametrize("time", ["soon", "2020-01-01", "0d"])
def test_a_rule_must_end_at_a_time_to_come(home: Home, time: str) -> None:
    with pytest.raises(TraplineError, match=r"not a time|in the past"):
        run(home, "add", "--network", "192.0.2.1", "--reason", "x", "--for", time)


def test_a_rule_goes_on_under_the_name_of_who_reviewed_it(home: Home) -> None:
    made = json.loads(run(home, "add", "--network", "192.0.2.1", "--reason", "ours", "--json").stdout)
    said = json.loads(
        run(home, "review", made["id"], "--for", "10d", "--reason", "until May", "--json").stdout
    )
    assert (said["reviewed_by"], said["expires_at"] < made["expires_at"]) == (home.operator, True)
    assert f"by {home.operator}" in run(home, "list").stdout
    with pytest.raises(NotFoundError):
        run(home, "review", "00000000", "--for", "10d", "--reason", "x")


def test_a_proposal_changes_nothing(home: Home, strike: Callable[..., str]) -> None:
    from listener.incidents import queries

    incident = queries.one(home, strike(home, next(mint(home, "url")).canary)).incident
    assert f"rules add --incident {incident}" in run(home, "propose", incident).stderr
    assert "no rules" in run(home, "list").stderr
