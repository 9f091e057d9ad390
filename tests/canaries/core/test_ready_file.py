"""The ready file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.core.ready_file import clear_ready, write_ready


def test_the_ready_file_is_there_whole_or_not_there(tmp_path: Path) -> None:
    write_ready(tmp_path / "ready", {"http": ["127.0.0.1:1"]})
    assert json.loads((tmp_path / "ready").read_text()) == {"http": ["127.0.0.1:1"]}
    assert [path.name for path in tmp_path.iterdir()] == ["ready"]


def test_an_old_one_is_gone_before_the_start(tmp_path: Path) -> None:
    (tmp_path / "ready").write_text("{}")
    for _ in range(2):
        clear_ready(tmp_path / "ready")
        assert not (tmp_path / "ready").exists()
    clear_ready(None)


def test_nothing_but_a_file_is_cleared_away(tmp_path: Path) -> None:
    """As root a device would go: /dev/null given as ready file must still be there."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "link", "folder"):
        with pytest.raises(HomeError, match="cannot be written"):
            clear_ready(tmp_path / name)
        assert (tmp_path / name).exists()
