"""``trapline retire``: out of service, still known."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.mint import catalogue, minting
from listener.cli import trapline


def test_it_is_marked_once(home: Home) -> None:
    (minted,) = minting.mint(home, "url")
    arguments = ["--home", str(home.path), "retire", minted.canary.id, "--reason", "moved"]
    result = CliRunner().invoke(trapline, arguments, catch_exceptions=False)
    assert f"trapline placements --canary {minted.canary.id}" in result.stderr
    assert catalogue.summary(home, minted.canary.id).retired_at
    with pytest.raises(NotFoundError, match="already retired"):
        CliRunner().invoke(trapline, arguments, catch_exceptions=False)


def test_f9_several_are_retired_at_once_or_none(home: Home) -> None:
    ids = [minted.canary.id for minted in minting.mint(home, "url", count=3)]
    begin = ["--home", str(home.path), "retire"]
    with pytest.raises(NotFoundError):
        CliRunner().invoke(trapline, [*begin, ids[0], "ffffffff"], catch_exceptions=False)
    assert not catalogue.summary(home, ids[0]).retired_at
    CliRunner().invoke(trapline, [*begin, *ids, ids[0]], catch_exceptions=False)
    assert all(catalogue.summary(home, one).retired_at for one in ids)
