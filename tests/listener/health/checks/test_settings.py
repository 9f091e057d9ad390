"""The check of the settings file."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from listener.health.checks.settings import SettingsCheck
from tests.listener.health.looking import failures, notes


def test_well_says_nothing_bad(home: Home, look: Any, well_answer: dict[str, Any]) -> None:
    assert not failures(look(SettingsCheck, well_answer))


def test_newcomer_f3_a_file_that_changed_behind_a_running_listener(
    home: Home, look: Any, well_answer: dict[str, Any]
) -> None:
    with (home.path / "trapline.toml").open("a") as file:
        file.write('[channels.ops]\ntype = "file"\npath = "/tmp/x"\n')
    assert "has changed since the listener read it" in failures(look(SettingsCheck, well_answer))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o666])
def test_a_file_that_others_read(home: Home, look: Any, mode: int) -> None:
    (home.path / "trapline.toml").chmod(mode)
    assert "can be read by others" in failures(look(SettingsCheck))


@pytest.mark.parametrize(
    ("toml", "word"),
    [
        ("[bait\n", "not valid TOML"),
        ("[bate]\n", "'bate'"),
        ("[bait]\nbase_url = 3\n", "base_url"),
        ("[journal]\nsegment_mb = 0\n", "segment_mb"),
        ("[alerts]\nheartbeat_hours = -1\n", "heartbeat_hours"),
        ("[health]\ndisk_free_mb = -1\n", "disk_free_mb"),
        ("channels = 3\n", "channels"),
    ],
)
def test_settings_that_cannot_be_used_are_named(home: Home, look: Any, toml: str, word: str) -> None:
    (home.path / "trapline.toml").write_text(toml)
    with pytest.raises(SettingsError, match=word):
        look(SettingsCheck)


def test_no_file(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").unlink()
    assert "every setting has its default" in notes(look(SettingsCheck))
