"""``trapline retire``: out of service, still known."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from canaries import mint, records
from canaries.errors import NotFoundError
from canaries.home import Home
from listener.cli import trapline


def test_it_is_marked_once(home: Home) -> None:
    (minted,) = mint.mint(home, "url")
    arguments = ["--home", str(home.path), "retire", minted.canary.id, "--reason", "moved"]
    result = CliRunner().invoke(trapline, arguments, catch_exceptions=False)
    assert f"trapline placements --canary {minted.canary.id}" in result.stderr
    assert records.summary(home, minted.canary.id).retired_at
    with pytest.raises(NotFoundError, match="already retired"):
        CliRunner().invoke(trapline, arguments, catch_exceptions=False)
