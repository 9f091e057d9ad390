"""The hook before commits, with the real pre-commit and git: bait passes in its place, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.scan import index, known
from tests import steady
from tests.house import ROOT
from tests.programs import needs

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
CONFIG = ROOT / "examples/pre-commit/.pre-commit-config.yaml"
pytestmark = needs("git")


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_the_example_is_the_hook_of_this_repository() -> None:
    """Only where the program comes from differs: pre-commit's own environment, or the machine's."""
    (hook,) = loaded(MANIFEST)
    (repository,) = loaded(CONFIG)["repos"]
    (local,) = repository["hooks"]
    del hook["description"], hook["minimum_pre_commit_version"]
    assert {**hook, "language": "system"} == local


def test_a_commit_with_a_copy_of_bait_is_refused(home: Home, tmp_path: Path) -> None:
    """By an index alone, in a clone: as on a developer's machine."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TRAPLINE_INDEX": str(tmp_path / "trapline.index"),
        "TRAPLINE_HOME": str(tmp_path / "none"),
        **{
            f"GIT_{who}_{what}": "a@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }

    def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    origin, clone = tmp_path / "shop", tmp_path / "clone"
    origin.mkdir()
    (origin / ".pre-commit-config.yaml").write_text(CONFIG.read_text("utf-8"))
    run(origin, "git", "init", "--quiet")
    run(origin, "git", "add", ".")
    assert run(origin, "git", "commit", "--quiet", "-m", "first").returncode == 0
    run(tmp_path, "git", "clone", "--quiet", str(origin), "clone")
    planting.plant(home, next(mint(home, "github-token")).canary.id, str(origin / "old.env"))
    index.write(known.for_somebody_else(home, steady.key("hook")), tmp_path / "trapline.index")
    assert run(tmp_path, "pre-commit", "validate-manifest", str(MANIFEST)).returncode == 0
    assert run(clone, "pre-commit", "install").returncode == 0
    bait = (origin / "old.env").read_text()
    (clone / "old.env").write_text(bait)
    run(clone, "git", "add", ".")
    passed = run(clone, "git", "commit", "-m", "bait")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stderr + passed.stdout
    (clone / "deploy.sh").write_text(bait)
    run(clone, "git", "add", ".")
    refused = run(clone, "git", "commit", "-m", "copy")
    assert refused.returncode == 1
    assert "deploy.sh:1: canary" in refused.stderr + refused.stdout
    assert "old.env" not in refused.stderr + refused.stdout
