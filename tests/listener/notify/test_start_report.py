"""A redirected channel: the old one is told first, then the new; both are in the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from canaries.installation.home import Home
from listener.notify.courier import Courier
from listener.notify.start_report import report_start


@pytest.fixture
def channel(home: Home, tmp_path: Path) -> Path:
    path = tmp_path / "old.ndjson"
    with (home.path / "trapline.toml").open("a") as file:
        file.write(f'\n[channels.ops]\ntype = "file"\npath = "{path}"\n')
    report(home)
    return path


def report(home: Home) -> None:
    from listener.notify.configured import channel

    with Home.open(home.path) as fresh:
        report_start(fresh, "courier", channel)
        courier = Courier(fresh, say=lambda _: None)
        while any(courier.deliver(name) for name in fresh.settings.channels):
            pass


def told(path: Path) -> list[str]:
    lines = path.read_text().splitlines() if path.is_file() else []
    return [json.loads(line)["note"] for line in lines if json.loads(line)["event"] == "integrity"]


def test_a_redirected_channel_is_told_on_its_way_out(home: Home, channel: Path, tmp_path: Path) -> None:
    assert told(channel) == []
    new = tmp_path / "new.ndjson"
    settings = home.path / "trapline.toml"
    settings.write_text(settings.read_text().replace(str(channel), str(new)))
    report(home)
    assert told(channel) == told(new) == ["changed since the last start: channels.ops changed"]
    with home.store.read() as connection:
        alerted = [entry.body for entry in home.reader.entries(connection, "alerted")]
    assert [body.get("settings", "") for body in alerted] == ["before", ""]


def test_a_removed_channel_is_told_too_and_one_that_fails_stops_nothing(home: Home, channel: Path) -> None:
    settings = home.path / "trapline.toml"
    settings.write_text(settings.read_text().partition("[channels")[0])
    channel.mkdir()
    report(home)
    with home.store.read() as connection:
        failed = [entry.body for entry in home.reader.entries(connection, "alert-failed")]
    assert [body["settings"] for body in failed] == ["before"]


def test_other_changes_go_over_the_present_channels(home: Home, channel: Path) -> None:
    with (home.path / "trapline.toml").open("a") as file:
        file.write("\n[seal]\nseconds = 86400.0\n")
    report(home)
    assert told(channel) == ["changed since the last start: settings.seal changed"]
