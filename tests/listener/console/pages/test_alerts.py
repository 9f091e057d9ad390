"""Alerts: channels with their routing, a test that says how it went, deliveries, rules that end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Canary
from canaries.installation.home import Home
from listener.notify import rules

TOML = """[channels.told]
type = "file"
path = "{}/told.ndjson"
min_severity = "high"
quiet_hours = "22:00-07:00"

[channels.away]
type = "webhook"
url = "http://127.0.0.1:9/secret-path"
allow = ["127.0.0.1"]
secret = "whsec_{}"
"""


@pytest.fixture
def told(home: Home, console: Any, tmp_path: Path) -> Any:
    """The console over a home with two channels, one of them out of reach."""
    path = home.path / "trapline.toml"
    path.write_text(path.read_text() + TOML.format(tmp_path, "A" * 44))
    home.__dict__.pop("settings", None)
    return console


def test_channels_are_shown_with_their_routing_and_without_their_secrets(told: Any) -> None:
    page = told.get("/alerts").get_data(as_text=True)
    for words in (
        "told",
        "min severity",
        "high",
        "22:00-07:00",
        "away",
        "takes every alert",
        "nothing sent yet",
    ):
        assert words in page
    assert "secret-path" not in page
    assert "A" * 44 not in page


def test_a_test_alert_says_how_it_went(told: Any, tmp_path: Path) -> None:
    page = told.post("/alerts/told/test").get_data(as_text=True)
    assert "told took the test alert" in page
    assert '"test"' in (tmp_path / "told.ndjson").read_text()
    assert "away did not take the test alert" in told.post("/alerts/away/test").get_data(as_text=True)
    assert len(told.entries("alerted")) == len(told.entries("alert-failed")) == 1
    assert told.post("/alerts/nobody/test").status_code == 404


def test_what_waits_is_sent_again_or_given_up_with_a_reason(told: Any) -> None:
    assert told.post("/alerts/told/retry").status_code == 303
    assert told.post("/alerts/told/give-up", {"reason": " "}).status_code == 422
    assert told.post("/alerts/told/give-up", {"reason": "moved"}).status_code == 303


def test_a_rule_is_shown_and_ended_with_a_reason(console: Any, canary: Canary) -> None:
    end = "2999-01-01T00:00:00.000000Z"
    made = rules.add(console.home, "mute", expires_at=end, reason="<b>noisy</b>", canary=canary.id)
    page = console.get("/alerts").get_data(as_text=True)
    assert "&lt;b&gt;noisy&lt;/b&gt;" in page
    path = f"/alerts/rules/{made.id}/remove"
    assert console.post(path, {"reason": ""}).status_code == 422
    assert console.post(path, {"reason": "quiet now"}).status_code == 303
    assert made.id not in console.get("/alerts").get_data(as_text=True)
    assert console.post(path, {"reason": "again"}).status_code == 404
    assert console.entries("setting")[-1].body["removed"] == made.id


def test_a_rule_goes_on_when_somebody_reviews_it(console: Any, canary: Canary) -> None:
    end = "2999-01-01T00:00:00.000000Z"
    made = rules.add(console.home, "mute", expires_at=end, reason="noisy", canary=canary.id)
    path = f"/alerts/rules/{made.id}/review"
    assert console.post(path, {"lasting": "30d", "reason": ""}).status_code == 422
    assert console.post(path, {"lasting": "soon", "reason": "x"}).status_code == 422
    assert console.post(path, {"lasting": "30d", "reason": "until May"}).status_code == 303
    assert rules.find(console.home, made.id).expires_at < end
    assert "reviewed by" in console.get("/alerts").get_data(as_text=True)


def test_who_is_on_duty_stands_above_the_channels(console: Any) -> None:
    assert "On duty now" not in console.get("/alerts").get_data(as_text=True)
