"""https://developer.pagerduty.com/docs/events-api-v2/trigger-events/: summary 1,024 characters, event 512 KB."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt
from listener.notify.channels.pagerduty import PagerDuty, PagerDutySettings
from tests.hooks import Way

KEY = "sEcReT00000000000000000000000000"


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    content = json.loads(body)
    payload = content["payload"]
    fine = content["routing_key"] == KEY and 1 <= len(payload["summary"]) <= 1024 and len(body) <= 512 * 1024
    if path == "/v2/enqueue":
        fine = fine and content["event_action"] == "trigger" and 1 <= len(content["dedup_key"]) <= 255
        fine = fine and payload["severity"] in ("critical", "error", "warning", "info")
    return (202, b"{}") if fine else (400, b"{}")


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    made = {"routing_key": KEY, "url": receiver.url, "allow": ["127.0.0.1"]}
    return Way(made, receiver.texts, receiver.close, (KEY,))


def send(receiver: Any, alert: Alert, attempt: Attempt | None = None) -> tuple[str, dict[str, Any]]:
    PagerDuty(PagerDutySettings(KEY, receiver.url, ("127.0.0.1",))).deliver(alert, attempt or Attempt())
    path, _, body = receiver.requests[-1]
    return path, json.loads(body)


def test_all_of_one_incident_is_one_of_pagerdutys(http_receiver: Any, alert: Alert) -> None:
    for event in ("first", "stronger", "digest"):
        path, content = send(http_receiver, dataclasses.replace(alert, event=event))
        assert (path, content["dedup_key"], content["payload"]["severity"]) == (
            "/v2/enqueue",
            "aabb",
            "error",
        )
    _, simple = send(http_receiver, alert, Attempt(plain=True))
    assert "custom_details" not in simple["payload"]


def test_a_heartbeat_pages_nobody(http_receiver: Any, alert: Alert) -> None:
    path, content = send(http_receiver, Alert(id="1" * 32, event="heartbeat", at=alert.at, sequence=3))
    assert path == "/v2/change/enqueue"
    assert "event_action" not in content


def test_a_key_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="32 letters") as caught:
        settings.bind(PagerDutySettings, {"routing_key": "sEcReT"}, "channels.p")
    assert "sEcReT" not in caught.value.sentence
