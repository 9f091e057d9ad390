"""A git work tree: what git will do is said, and git's own files stay as they are."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.plant.planters import PlantingRequest, choose
from canaries.plant.planters.repository import RepositoryPlanter
from tests.programs import needs


def prepare(folder: Path) -> str:
    (folder / ".git").mkdir()
    return str(folder)


pytestmark = needs("git")
Ask = Callable[..., PlantingRequest]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def state(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in (folder / ".git").rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_a_work_tree_is_taken_before_a_folder(repository: Path) -> None:
    (repository / "deep").mkdir()
    assert choose(str(repository)).name == "repository"
    assert choose(str(repository / "deep")).name == "repository"


def test_what_git_ignores_is_said(repository: Path, file_bait: Bait, ask: Ask) -> None:
    (repository / ".gitignore").write_text(".aws/\n")
    before = state(repository)
    plan = RepositoryPlanter().plan(ask(file_bait, repository))
    assert plan.warnings[0].startswith("git ignores .aws/credentials")
    assert plan.warnings[1].startswith("git does not ignore readme.txt")
    plan.put()
    assert (repository / "readme.txt").exists()
    assert state(repository) == before


def test_a_hostile_configuration_runs_nothing(repository: Path, file_bait: Bait, ask: Ask) -> None:
    trap = repository / "ran"
    hook = repository / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
    hook.chmod(0o755)
    subprocess.run(["git", "-C", str(repository), "config", "core.fsmonitor", str(hook)], check=True)
    RepositoryPlanter().plan(ask(file_bait, repository))
    assert not trap.exists()


def test_gits_own_folder_is_refused(repository: Path, file_bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="git's own"):
        RepositoryPlanter().plan(ask(file_bait, repository / ".git"))


def test_a_plain_folder_is_no_work_tree(tmp_path: Path) -> None:
    assert not RepositoryPlanter().accepts(str(tmp_path))
