"""git: a remote that no fetch asks by itself; a login for its own host only."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import steady
from tests.canaries.plant.formats.forms import text_after


def test_fetching_everything_does_not_ask_the_bait(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, timeout=steady.PATIENCE)
    path = tmp_path / ".git" / "config"
    path.write_text(text_after(".git/config", path.read_text(), "git-remote"))
    done = subprocess.run(
        ["git", "fetch", "--all"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    shown = subprocess.run(
        ["git", "remote", "-v"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    assert "traps.example.net" in shown.stdout


def test_tabs_or_spaces_follow_the_file() -> None:
    assert "\n  url = https://" in text_after(".git/config", "[core]\n  bare = false\n", "git-remote")
    assert "\n\turl = https://" in text_after(".git/config", "[core]\n\tbare = false\n", "git-remote")


def test_of_ones_own_settings_only_the_baits_own_host_is_touched() -> None:
    after = text_after(".gitconfig", "[user]\n\tname = Jo\n", "git-credentials")
    assert after.count("insteadOf = https://") == 1
    host = after.partition("insteadOf = https://")[2].strip(" /\n")
    assert host.endswith(".traps.example.net")
