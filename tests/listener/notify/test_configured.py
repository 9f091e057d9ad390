"""Channels made ready from their sections; what is wrong is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import NotFoundError, SettingsError
from listener.notify.configured import channel, channels
from tests import steady


def test_a_home_has_its_channels_by_name(tmp_path: Path) -> None:
    toml = '[channels.log]\ntype = "file"\npath = "/alerts.jsonl"\nmin_severity = "high"\n'
    home = steady.installation(tmp_path / "home", toml, "configured")
    assert [(name, type(one).name) for name, one in channels(home).items()] == [("log", "file")]
    home.store.close()


def test_a_section_without_a_type_is_told_which_there_are() -> None:
    with pytest.raises(SettingsError, match=r"channels\.ops needs a type") as caught:
        channel("ops", {"path": "/x"})
    assert "file" in str(caught.value.hint)


def test_a_type_that_nobody_brings_and_a_setting_that_nobody_knows_are_refused() -> None:
    with pytest.raises(NotFoundError):
        channel("ops", {"type": "pigeon"})
    with pytest.raises(SettingsError, match="loft"):
        channel("ops", {"type": "file", "path": "/x", "loft": 1})
