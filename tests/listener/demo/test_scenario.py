"""The story's parts; the story itself is told in tests/test_story.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from canaries.core import settings
from canaries.core.errors import CheckError, HomeError
from listener.demo import scenario
from listener.demo.scenario import Story
from listener.notify.courier import channels


def test_the_service_is_found() -> None:
    assert {path.name for path in scenario.service_folder().glob("*.py")} >= {"app.py", "intruder.py"}


def test_its_channels_are_real_settings() -> None:
    made = settings.parse({}, scenario._channels(2525, "http://127.0.0.1:1/x"))
    assert {name: section["type"] for name, section in made.channels.items()} == {
        "duty": "email",
        "hook": "webhook",
    }

    class Installation:
        settings = made

    assert set(channels(Installation())) == {"duty", "hook"}  # type: ignore[arg-type]


def test_a_step_that_fails_ends_the_story(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(CheckError, match="ended with 2"):
        Story(tmp_path, told.append)._trapline({}, "mint", "nosuch")
    assert told == ["  $ trapline mint nosuch"]


def test_a_process_that_ends_before_it_is_ready_is_noticed() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as process,
        pytest.raises(HomeError, match="did not start"),
    ):
        scenario._wait(lambda: False, process, "it did not start")
