"""What git says of a path, without git doing anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

from canaries.plant.files.git import advice, remote_address, repository_names, work_tree
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


def test_a_repository_has_the_addresses_of_its_remotes_and_its_first_commits(tmp_path: Path) -> None:
    run = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert list(repository_names(tmp_path)) == []
    subprocess.run([*run, "remote", "add", "origin", "git@Git.example.org:team/shop.git"], check=True)
    subprocess.run([*run, "commit", "--quiet", "--allow-empty", "-m", "first"], check=True)
    subprocess.run([*run, "commit", "--quiet", "--allow-empty", "-m", "second"], check=True)
    first = subprocess.run([*run, "rev-parse", "HEAD~1"], capture_output=True, text=True, check=True).stdout
    assert list(repository_names(tmp_path)) == ["git.example.org/team/shop", first.strip()]


def test_an_address_is_the_same_however_it_is_reached() -> None:
    same = (
        "git@git.example.org:team/shop.git",
        "https://robot:pass@git.example.org/team/shop",
        "ssh://git@git.example.org:2222/team/shop.git/",
    )
    assert {remote_address(one) for one in same} == {"git.example.org/team/shop"}
    assert remote_address("/srv/git/shop.git") == "/srv/git/shop"
