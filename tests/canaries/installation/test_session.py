"""What commands share: the home, data on stdout, messages on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from canaries.core.errors import HomeError, SettingsError
from canaries.installation.home import Home
from canaries.installation.session import CommandGroup, Session, emit, say, tell
from tests.pools import idle


def test_the_settings_are_read_before_a_command_works(home: Home) -> None:
    assert Session(home.path).home().id == home.id
    (home.path / "trapline.toml").write_text("[nonsense]\n")
    with pytest.raises(SettingsError):
        Session(home.path).home()


def test_a_command_closes_what_it_opened(home: Home) -> None:
    opened = []

    @click.command()
    @click.pass_obj
    def look(session: Session) -> None:
        for one in (session.home(), session.unchecked_home()):
            with one.store.read():
                opened.append(one)
            assert idle(one.store.engine.pool) == 1

    CliRunner().invoke(look, obj=Session(home.path), catch_exceptions=False)
    assert [idle(one.store.engine.pool) for one in opened] == [0, 0]


def test_a_folder_without_an_installation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="no installation"):
        Session(tmp_path).home()


def test_data_and_talk_go_their_own_ways(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"memo": "\x1b[31m", "n": 1})
    tell("for people")
    say("talk")
    shown = capsys.readouterr()
    data, people = shown.out.splitlines()
    assert json.loads(data) == {"memo": "\x1b[31m", "n": 1}
    assert "\x1b" not in data
    assert people == "for people"
    assert shown.err == "talk\n"


def test_summaries_of_subcommands_are_whole() -> None:
    group = CommandGroup("things")
    summary = "Do one thing to another thing, " * 6
    group.add_command(click.Command("do", help=summary.strip() + "."))
    assert "".join(CliRunner().invoke(group, ["--help"]).output.split()).count("another") == 6
