"""The hook: bait is reported with the application's facts, and what is no bait is neither kept nor sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from listener.hook import Hook, noticing
from listener.hook.filter_file import filter_bytes
from listener.hook.noticing import named, short
from tests import steady
from tests.listener.hook.conftest import BAIT, KEY


def test_bait_is_reported_with_what_the_application_knows(fake_listener: Any, hook: Hook) -> None:
    values = [("form email", BAIT[0].title()), ("form password", "their own real one")]
    assert hook.look(values, "login", account=17, client="203.0.113.7", session=None)
    (report,) = steady.until(lambda: fake_listener.reports)
    assert report["found"] == [{"where": "form email", "value": BAIT[0].title()}]
    assert report["facts"] == {"account": 17, "client": "203.0.113.7"}
    assert report["event"] == "login"
    assert "real one" not in json.dumps(report), "a password that is no bait goes nowhere"


def test_what_is_no_bait_is_not_reported(fake_listener: Any, hook: Hook) -> None:
    assert not hook.look([("form email", "somebody@else.example"), ("x", ""), ("y", "z" * 10_000)])
    assert hook.reporter.flush(0)
    assert not fake_listener.reports


def test_nothing_that_goes_wrong_reaches_the_application(hook: Hook) -> None:
    assert not hook.look([("x", 7)])  # type: ignore[list-item]


def test_a_new_filter_is_taken_up_and_a_damaged_one_is_not(
    hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noticing, "_LOOK_AGAIN", 1)
    (tmp_path / "filter").with_suffix(".new").write_bytes(filter_bytes([b"another bait"]))
    (tmp_path / "filter").with_suffix(".new").replace(tmp_path / "filter")
    hook.turn()
    assert hook.bait([("", "another bait")])
    (tmp_path / "bad").write_bytes(b"x")
    (tmp_path / "bad").replace(tmp_path / "filter")
    hook.turn()
    assert hook.bait([("", "another bait")])


def test_loaded_from_the_commands_files(tmp_path: Path) -> None:
    (tmp_path / "sensor.json").write_text(json.dumps({"name": "web", "key": KEY, "report_to": []}))
    (tmp_path / "filter").write_bytes(filter_bytes([b"a bait"]))
    assert Hook.load(tmp_path / "sensor.json", tmp_path / "filter").bait([("", "a bait")])


@pytest.mark.parametrize(
    ("route", "event"),
    [("/accounts/login/", "login"), ("/join", "signup"), ("/api/search", "search"), ("/", "request")],
)
def test_a_request_is_named_by_its_route(route: str, event: str) -> None:
    assert named(route) == event


def test_a_session_is_not_given_away() -> None:
    assert short("secret-session") == short("secret-session") != short("another")
    assert "secret" not in short("secret-session")
    assert short("") == ""


def test_nobody_can_fill_a_report_so_that_it_is_not_taken(fake_listener: Any, hook: Hook) -> None:
    """A client chooses names of fields, routes and headers: with all of them large the bait is still told."""
    many = [("form " + "\U0001f600" * 100 + str(number), BAIT[0]) for number in range(64)]
    large = {f"fact {number}": "\U0001f600" * 5000 for number in range(100)}
    assert hook.look([*many, ("form token", BAIT[1])], route="\ud800" * 9000, account=10**400, **large)
    (report,) = steady.until(lambda: fake_listener.reports)
    assert {one["value"] for one in report["found"]} == set(BAIT[:2])
    assert set(report["facts"]["account"][1:]) == {"0"}
    assert hook.reporter.dropped == 0
