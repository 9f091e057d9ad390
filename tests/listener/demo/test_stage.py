"""The commands and programs of the demo; the story itself is told in tests/test_story.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from canaries.core.errors import CheckError, HomeError
from listener.demo import stage
from listener.demo.stage import Stage


def test_the_service_is_found() -> None:
    programs = {path.name for path in stage.service_folder().glob("*.py")}
    assert programs >= {"app.py", "intruder.py", "insider.py"}


def test_a_step_that_fails_ends_the_story(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(CheckError, match="ended with 2"):
        Stage(tmp_path, told.append).trapline({}, "mint", "nosuch")
    assert told == ["  $ trapline mint nosuch"]


def test_a_process_that_ends_before_it_is_ready_is_noticed() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as process,
        pytest.raises(HomeError, match="did not start"),
    ):
        stage.wait(lambda: False, process, "it did not start")


def test_what_does_not_come_ends_the_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(CheckError, match="no alarm"):
        Stage(tmp_path, print).until(lambda: False, lambda: "no alarm", 0.0)
