"""Every check runs, whatever is broken, and each cause is said once."""

from __future__ import annotations

import errno
import os
from typing import Any

from canaries.core import plugins
from canaries.installation.home import Home
from listener.health.checks import FOLDER, Check, View
from listener.health.checks.clock import ClockCheck
from listener.health.examination import examine
from tests.listener.health.looking import failures


def test_every_check_in_the_folder_has_a_name_and_runs(home: Home, well_answer: dict[str, Any]) -> None:
    found = plugins.classes(FOLDER, Check)
    assert len(found) >= 10
    (home.path / "trapline.toml").write_text(f'[channels.a]\ntype = "file"\npath = "{home.path}/a"\n')
    report = examine(Home(home.path))
    assert failures(list(report.parts)) == "listener: no listener runs on this home"


def test_one_cause_is_said_once(home: Home) -> None:
    (home.path / "trapline.toml").write_text("[bate]\n")
    report = examine(Home(home.path))
    assert [part.part for part in report.failing].count("settings") == 1
    assert sum("'bate'" in part.says for part in report.parts) == 1


def test_a_database_that_is_away_is_said_once_and_waited_for_once(home: Home) -> None:
    (home.path / "trapline.toml").write_text('[store]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n')
    report = examine(Home(home.path))
    assert [part.part for part in report.failing].count("database") == 1


def test_what_the_system_refuses_is_said_in_its_words_and_not_traced(
    home: Home, monkeypatch: Any, capfd: Any
) -> None:
    def full(self: Check, view: View) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/where")

    monkeypatch.setattr(ClockCheck, "look", full)
    report = examine(home)
    assert "clock: could not be checked: No space left on device: /some/where" in report.summary()
    assert capfd.readouterr() == ("", "")


def test_a_check_that_breaks_down_hides_no_other(home: Home, monkeypatch: Any) -> None:
    def broken(self: Check, view: View) -> Any:
        raise RuntimeError("what a stranger wrote")

    monkeypatch.setattr(ClockCheck, "look", broken)
    report = examine(home)
    assert "clock: could not be checked (RuntimeError)" in report.summary()
    assert any(part.part == "disk" for part in report.parts)
