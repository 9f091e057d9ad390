"""The README's pictures: drawn by the script, small, and of what the product says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import require_any
from tools import pictures


def test_the_pictures_of_the_readme_are_small() -> None:
    found = sorted(pictures.FOLDER.iterdir())
    assert [one.name for one in found] == ["alert.png", "console.png"]
    assert all(one.read_bytes()[:4] == b"\x89PNG" and one.stat().st_size <= pictures.MOST for one in found)


def test_what_is_drawn_is_what_slack_would_get(tmp_path: Path) -> None:
    page = pictures.slack(pictures.Scene(tmp_path).alert)
    assert "HIGH: openai key used (shop: deployment settings)" in page
    for label in ("Used", "Where it lay", "Severity", "From", "What it did", "When", "So far"):
        assert f"\n{label}: " in page or f">{label}: " in page


def test_it_draws_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_any("chromium"), require_any("chromedriver")
    assert pictures.main([str(tmp_path)]) == 0
    assert {one.name for one in tmp_path.iterdir()} == {"alert.png", "console.png"}
    assert "bytes" in capsys.readouterr().out
