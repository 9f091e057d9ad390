"""A loose object, as git itself writes it."""

from __future__ import annotations

import subprocess
import zlib
from pathlib import Path

from canaries.scan.dumps import Piece, read_pieces

PACKERS = {"zlib": zlib.compress, "zlib, fast": lambda data: zlib.compress(data, 1)}


def test_objects_of_git_are_read(tmp_path: Path) -> None:
    (tmp_path / "note").write_text("the password is in the other note\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "note"], ["commit", "-q", "-m", "first words"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    (tmp_path / "note").unlink()
    read = [one.content for one in read_pieces(tmp_path / ".git" / "objects") if isinstance(one, Piece)]
    assert any(b"the password is in the other note" in content for content in read)
    assert any(b"first words" in content for content in read)
