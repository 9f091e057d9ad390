"""``trapline demo`` works in an empty folder only; what it tells is tests/test_story.py's matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.errors import HomeError
from listener.cli import trapline


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(HomeError, match="is not empty"):
        CliRunner().invoke(trapline, ["demo", "--folder", str(tmp_path)], catch_exceptions=False)
    assert (tmp_path / "mine").read_text() == "keep"
