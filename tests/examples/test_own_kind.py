"""The example plug-in, installed as its README says: minted through the real command line, nothing edited."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import steady

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "own-kind"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own-kind")
    shutil.copytree(EXAMPLE, folder / "source")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*command, "--target", str(folder / "site"), str(folder / "source")],
        check=True,
        timeout=steady.PATIENCE,
    )
    return folder


def trapline(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    done = subprocess.run(
        [sys.executable, "-m", "listener", "--home", str(folder / "home"), *arguments],
        env={**environment, "PYTHONPATH": str(folder / "site")},
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    return done.stdout


def test_it_is_found_and_mints(installed: Path) -> None:
    trapline(installed, "init")
    assert "acme-key" in trapline(installed, "kinds")
    minted = json.loads(trapline(installed, "mint", "acme-key", "--json"))
    assert minted["tokens"][0]["value"].startswith("acme_")
    assert minted["kind"] == "acme-key"
