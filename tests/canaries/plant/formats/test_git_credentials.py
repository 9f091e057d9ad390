"""``.git-credentials``: the store answers for the old hosts as before."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import steady
from tests.canaries.plant.formats.forms import text_after

OLD = "https://jo:placeholder@github.com\n"


def test_git_itself_finds_both(tmp_path: Path) -> None:
    path = tmp_path / ".git-credentials"
    path.write_text(text_after(".git-credentials", OLD, "git-credentials"))
    host = path.read_text().splitlines()[1].rpartition("@")[2]
    for asked, password in (
        ("github.com", "placeholder"),
        (host, path.read_text().split(":")[-1].partition("@")[0]),
    ):
        done = subprocess.run(
            ["git", "credential-store", "--file", str(path), "get"],
            input=f"protocol=https\nhost={asked}\n\n",
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            check=True,
        )
        assert f"password={password}\n" in done.stdout
