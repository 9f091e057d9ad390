from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.mint import minting
from listener.cli import trapline


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(trapline, ["--home", str(home.path), *words], catch_exceptions=False)


def test_f9_many_are_changed_at_once_and_found_by_their_tag(home: Home) -> None:
    ids = [minted.canary.id for minted in minting.mint(home, "url", count=3)]
    assert (
        "2 canaries changed"
        in run(home, "amend", ids[0], ids[1], ids[0], "--tag", "web", "--expires", "30d").stderr
    )
    assert run(home, "list", "--tag", "web").stdout.count("\n") == 2
    assert run(home, "list", "--expiring", "31d").stdout.count("\n") == 2
    run(home, "amend", ids[0], "--memo", "kitchen")
    assert json.loads(run(home, "show", ids[0], "--json").stdout)["memo"] == "kitchen"


def test_one_unknown_id_changes_none_and_the_past_is_no_expiry(home: Home) -> None:
    (made,) = minting.mint(home, "url")
    with pytest.raises(NotFoundError):
        run(home, "amend", made.canary.id, "ffffffff", "--memo", "x")
    with pytest.raises(TraplineError, match="in the past"):
        run(home, "amend", made.canary.id, "--expires", "2020-01-01")
    assert json.loads(run(home, "show", made.canary.id, "--json").stdout)["memo"] == ""
