"""What git says of a path, without git doing anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

from canaries.plant.files.git import advice, work_tree
from tests.programs import needs

pytestmark = needs("git")


def test_the_work_tree_is_found_from_below(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "a/b").mkdir(parents=True)
    assert work_tree(tmp_path / "a/b") == tmp_path.resolve()


def test_ignored_or_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.log\n")
    assert str(advice(tmp_path / "a.log")).startswith("git ignores a.log")
    assert str(advice(tmp_path / "a.txt")).startswith("git does not ignore a.txt")


def test_a_damaged_repository_is_said(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense")
    assert "would not say" in str(advice(tmp_path / "a"))


def test_no_advice_outside(tmp_path: Path) -> None:
    assert advice(tmp_path / "a") is None
