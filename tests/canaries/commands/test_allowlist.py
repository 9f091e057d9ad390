"""``trapline allowlist``: a list on standard output, what was left out on standard error; bad input is refused."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.commands.allowlist import command
from canaries.core.errors import NotFoundError, ScanError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.scan import index, known
from tests.canaries.allowlists.scanners.test_gitleaks import report


def trapline(home: Path, *arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(command, arguments, obj=Session(home), standalone_mode=False, input=given)


@pytest.fixture
def said(home: Home, tmp_path: Path) -> bytes:
    """gitleaks' report of a file of bait, with a real secret beside it."""
    one = next(mint(home, "github-token"))
    planting.plant(home, one.canary.id, str(tmp_path / "old.env"))
    secret = next(token.value for token in one.canary.tokens if token.facet == "secret")
    return report([("old.env", secret, 1), ("app.env", "s3cr3t" * 5, 4)])


def test_bait_is_listed_and_counted(home: Home, tmp_path: Path, said: bytes) -> None:
    (tmp_path / ".gitleaksignore").write_text("ours:rule:1\n")
    keep = ["--keep", str(tmp_path / ".gitleaksignore")]
    done = trapline(home.path, "gitleaks", "-", "--root", str(tmp_path), *keep, given=said)
    assert done.stdout == "ours:rule:1\nold.env:github-pat:1\n"
    assert done.stderr == "1 of 2 findings are planted bait\n"


def test_coarse_entries_are_asked_for(home: Home, tmp_path: Path, said: bytes) -> None:
    short = json.dumps([{**one, "Secret": "ghp_"} for one in json.loads(said)]).encode()
    with (tmp_path / "old.env").open("a") as file:
        file.write("OURS=1\n")
    arguments = ("gitleaks", "-", "--root", str(tmp_path))
    without = trapline(home.path, *arguments, given=short)
    assert without.stdout == ""
    assert "old.env:1: github-pat: left out, since its entry would hide other secrets" in without.stderr
    coarse = trapline(home.path, *arguments, "--coarse", given=short)
    assert coarse.stdout == "old.env:github-pat:1\n"


def test_an_index_is_enough(home: Home, tmp_path: Path, said: bytes) -> None:
    """Outside of a work tree it has no places: nothing is let through by it."""
    index.write(known.for_somebody_else(home, secrets.token_bytes(32)), tmp_path / "index")
    arguments = ("gitleaks", "-", "--root", str(tmp_path), "--index", str(tmp_path / "index"))
    assert trapline(tmp_path / "none", *arguments, given=said).stdout == ""


def test_bad_input_is_refused(home: Home, tmp_path: Path) -> None:
    assert isinstance(trapline(home.path, "nosey", "-").exception, NotFoundError)
    for text in (b"", b"[1]", b"{}"):
        failed = trapline(home.path, "gitleaks", "-", given=text)
        assert isinstance(failed.exception, ScanError)
        assert failed.stdout == ""
    assert isinstance(trapline(home.path, "gitleaks", str(tmp_path / "gone")).exception, ScanError)
