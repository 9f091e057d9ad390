"""Extras: what is there passes; what is missing is one sentence that says what to install, and nothing half-done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from canaries.core import extras
from canaries.core.errors import MissingExtraError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from tests import steady

POSTGRES = "postgresql://nobody@127.0.0.1:1/none"


def test_a_package_that_is_there_passes() -> None:
    extras.require("json", "some", "a thing")


def test_a_missing_package_is_one_sentence_and_what_to_install() -> None:
    with pytest.raises(MissingExtraError) as caught:
        extras.require("not_a_package", "some", "a thing")
    assert caught.value.sentence == "a thing needs the package not_a_package, which is not installed"
    assert "'trapline[some]'" in str(caught.value.hint)


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The variables of a process for which neither reportlab nor psycopg is installed."""
    folder = tmp_path / "without"
    folder.mkdir()
    for package in ("reportlab", "psycopg"):
        (folder / f"{package}.py").write_text(f"raise ModuleNotFoundError({package!r})\n")
    return {**os.environ, "PYTHONPATH": str(folder)}


def said(variables: dict[str, str], home: Path, *arguments: str) -> str:
    """What a command that fails as wrong use says on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "listener", "--home", str(home), *arguments],
        env=variables,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_bait_pdf_says_what_it_needs(bare: dict[str, str], home: Home) -> None:
    assert "'trapline[pdf]'" in said(bare, home.path, "mint", "pdf")


def test_planting_into_postgresql_says_what_it_needs(bare: dict[str, str], home: Home) -> None:
    canary = next(mint(home, "user")).canary.id
    assert "'trapline[postgres]'" in said(bare, home.path, "plant", canary, f"{POSTGRES}?table=users")


def test_an_installation_on_postgresql_says_what_it_needs_and_is_not_half_made(
    bare: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "new"
    assert "'trapline[postgres]'" in said({**bare, "TRAPLINE_STORE_URL": POSTGRES}, home, "init")
    assert not home.exists()
