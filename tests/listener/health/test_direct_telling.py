"""Telling without the outbox: each channel by itself."""

from __future__ import annotations

from pathlib import Path

from canaries.installation.home import Home
from listener.health import direct_telling


def test_a_channel_with_wrong_settings_keeps_no_other_silent(home: Home, tmp_path: Path) -> None:
    (home.path / "trapline.toml").write_text(
        f'[channels.bad]\ntype = "pigeon"\n[channels.log]\ntype = "file"\npath = "{tmp_path}/a.ndjson"\n'
    )
    assert direct_telling.tell(Home(home.path), "listener: no listener runs") == ("log",)
    assert "no listener runs" in (tmp_path / "a.ndjson").read_text()
