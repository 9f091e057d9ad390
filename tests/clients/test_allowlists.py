"""gitleaks itself, with the allow-list that `trapline allowlist` makes: bait is passed over, a real secret is not."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.commands.allowlist import command
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from canaries.plant import planting

pytestmark = pytest.mark.clients

CLIENTS = Path(os.environ.get("CLIENTS", Path(__file__).parent.parent.parent / ".venv-clients"))


def gitleaks(folder: Path, report: Path) -> int:
    command = [str(CLIENTS / "bin" / "gitleaks"), "dir", ".", "--no-banner", "-f", "json", "-r", str(report)]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def test_gitleaks_is_quiet_about_bait_alone(home: Home, tmp_path: Path) -> None:
    shop, report = tmp_path / "shop", tmp_path / "report.json"
    shop.mkdir()
    for kind in ("github-token", "aws-key", "ssh-key", "stripe-key"):
        (shop / kind).mkdir()
        planting.plant(home, next(mint(home, kind)).canary.id, str(shop / kind))
    (shop / "app.env").write_text("GITHUB_TOKEN=ghp_16C7e42F292c6912E7710c838347Ae178B4a\n")
    assert gitleaks(shop, report) == 1
    arguments = ["gitleaks", str(report), "--root", str(shop)]
    done = CliRunner().invoke(command, arguments, obj=Session(home.path), standalone_mode=False)
    (shop / ".gitleaksignore").write_text(done.stdout)
    assert gitleaks(shop, report) == 1
    assert [one["File"] for one in json.loads(report.read_text())] == ["app.env"]
    (shop / "app.env").unlink()
    assert gitleaks(shop, report) == 0
