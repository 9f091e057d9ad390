"""Two people who each add a kind do not meet: neither edits a line that the other edits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT

TREES = ("canaries", "listener", "templates", "tests", "tools", "docs", "examples")
KIND = '''"""A {name} key with its URL."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order


class {word}(Kind):
    name: ClassVar[str] = "{name}-key"
    title: ClassVar[str] = "A {name} key with its URL"
    fired_by: ClassVar[str] = "curl: the key comes in clear (Bearer). Silent: nobody else knows it."
    plant_hint: ClassVar[str] = "In a .env."
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {{secret}}' {{url}}/"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site = order.site()
        secret = f"{name}_{{order.stream.text('secret', BASE62, 32)}}"
        row = {{"secret": secret, "url": site.url, "host": site.host}}
        return Bait((Token("secret", secret), *site.tokens), f"KEY={{secret}}\\nURL={{site.url}}\\n", row=row)
'''


def run(folder: Path, *command: str) -> str:
    named = {
        f"GIT_{who}_{what}": "test@example.org" if what == "EMAIL" else "Test"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "TRAPLINE_", "PYTHON"))
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **named, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of this checkout, as the first commit of a repository of its own."""
    folder = tmp_path / "repository"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in TREES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("*.cfg"),
        *ROOT.glob("*.toml"),
        ROOT / ".gitattributes",
        ROOT / ".gitignore",
    ):
        shutil.copy(path, folder / path.name)
    run(folder, "git", "init", "-q", "-b", "main")
    run(folder, "git", "add", "-A")
    run(folder, "git", "commit", "-q", "-m", "as it is")
    return folder


def add_kind(folder: Path, name: str) -> None:
    """Do what a new kind asks for, on a branch of its own: the kind, its test, the changelog's line."""
    run(folder, "git", "switch", "-q", "-c", name, "main")
    (folder / f"canaries/kinds/{name}_key.py").write_text(KIND.format(name=name, word=name.capitalize()))
    (folder / f"tests/canaries/kinds/test_{name}_key.py").write_text(f'"""{name}-key."""\n')
    changes = folder / "CHANGELOG.md"
    top, mark, rest = changes.read_text("utf-8").partition("\n### Renamed\n")
    assert mark
    changes.write_text(f"{top.rstrip()}\n- New kind: {name}-key.\n{mark}{rest}", "utf-8")
    run(folder, "git", "add", "-A")
    run(folder, "git", "commit", "-q", "-m", f"kind {name}-key")


def test_two_branches_that_each_add_a_kind_merge_without_conflict(repository: Path) -> None:
    for name in ("alder", "birch"):
        add_kind(repository, name)
    run(repository, "git", "switch", "-q", "main")
    for name in ("alder", "birch"):
        run(repository, "git", "merge", "-q", "--no-edit", name)
    assert not run(repository, "git", "status", "--porcelain")
    changes = (repository / "CHANGELOG.md").read_text("utf-8")
    assert changes.count("- New kind: alder-key.") == changes.count("- New kind: birch-key.") == 1
    listing = "from tools.reference import kinds_page; print(kinds_page())"
    page = run(repository, sys.executable, "-c", listing)
    assert "\n## alder-key\n" in page
    assert "\n## birch-key\n" in page
