"""``trapline rescan``: what it prints."""

from __future__ import annotations

import json

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.rescan import command


def run(home: Home, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, obj=Session(home.path), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_it_says_what_was_looked_at_and_found(home: Home) -> None:
    assert run(home) == "0 sightings looked at again, 0 hits found.\n"
    assert json.loads(run(home, "--json")) == {"looked_at": 0, "hits": 0}
