"""A git remote: git itself reads it from a stolen repository."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from canaries.core.model import Bait
from tests.programs import needs

Mint = Callable[..., Bait]


@needs("git")
def test_git_takes_it_as_a_remote(mint: Mint, tmp_path: Path) -> None:
    bait = mint("git-remote")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with (tmp_path / ".git" / "config").open("a") as file:
        file.write(bait.text)
    done = subprocess.run(
        ["git", "-C", str(tmp_path), "remote", "-v"], capture_output=True, text=True, check=True
    )
    assert bait.row["remote"] in done.stdout
