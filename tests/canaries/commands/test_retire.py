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
