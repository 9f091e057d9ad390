"""The ready file."""

from __future__ import annotations

import json
from pathlib import Path

from listener.runtime.ready_file import write_ready


def test_the_ready_file_is_there_whole_or_not_there(tmp_path: Path) -> None:
    write_ready(tmp_path / "ready", {"http": ["127.0.0.1:1"]})
    assert json.loads((tmp_path / "ready").read_text()) == {"http": ["127.0.0.1:1"]}
    assert [path.name for path in tmp_path.iterdir()] == ["ready"]
