"""``trapline incidents``: one line, or one object, an incident."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import CliRunner, Result

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli.trapline, ["--home", str(home.path), "incidents", *arguments])


def test_incidents_in_their_order(home: Home, strike: Callable[..., str]) -> None:
    for number in (1, 2):
        canary = next(iter(mint(home, "url"))).canary
        strike(home, canary, ip=f"192.0.2.{number}", at=f"2026-11-0{number}T12:00:00.000000Z")
    values = [json.loads(line) for line in run(home, "--json").stdout.splitlines()]
    assert [(value["opened_at"][:10], value["hits"]) for value in values] == [
        ("2026-11-01", 1),
        ("2026-11-02", 1),
    ]
    said = run(home)
    lines = said.stdout.splitlines()
    assert said.stderr == f"One in full: trapline incident {values[-1]['id']}\n"
    assert [line.split()[0] for line in lines] == [value["id"] for value in values]
    assert (
        lines[0].split(maxsplit=1)[1] == "open    2026-11-01 12:00Z to 2026-11-01 12:00Z    1 hit  1 canary"
    )
    assert max(len(line) for line in lines) <= 80


def test_none_is_talk_not_data(home: Home) -> None:
    said = run(home)
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "no incidents yet\n")
