"""The example of the API, run against a real server: one canary a repository, however often it runs."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from canaries.installation.home import Home
from canaries.mint import catalogue
from tests.accounts import token

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "api" / "bait_for_ci.py"


def test_one_canary_a_repository(
    home: Home,
    served: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRAPLINE_SERVER", served)
    monkeypatch.setenv("TRAPLINE_TOKEN", token(home, "ci", "planter", "canaries:mint"))
    run = runpy.run_path(str(EXAMPLE))["main"]
    for name in ("decoy.env", "decoy.env", "another.env"):
        assert run("shop", tmp_path / name) == 0
    (one,) = catalogue.listing(home)
    assert (one.owner, one.memo) == ("ci", "decoy variables of shop")
    assert (tmp_path / "decoy.env").read_text() == (tmp_path / "another.env").read_text()
    assert (tmp_path / "decoy.env").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("TRAPLINE_TOKEN", "tlapi_wrong")
    assert run("shop", tmp_path / "third.env") == 2
    assert "the token is not valid" in capsys.readouterr().err
