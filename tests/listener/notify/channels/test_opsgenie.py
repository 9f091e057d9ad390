"""https://docs.opsgenie.com/docs/alert-api: message 130, alias 512, description 15,000, note 25,000 characters."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt
from listener.notify.channels.opsgenie import Opsgenie, OpsgenieSettings
from tests.hooks import Way

KEY = "sEcReT-key"
LIMITS = {"message": 130, "alias": 512, "description": 15_000, "note": 25_000, "source": 100}


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    content = json.loads(body)
    if headers.get("authorization") != f"GenieKey {KEY}":
        return 403, b"{}"
    lengths = {name: len(content.get(name, "").encode("utf-16-le")) // 2 for name in LIMITS}
    fine = all(lengths[name] <= limit for name, limit in LIMITS.items())
    fine = fine and bool(content.get("note") if path.count("/") > 3 else content.get("message"))
    return (202, b"{}") if fine else (422, b"{}")


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    made = {"key": KEY, "url": receiver.url, "allow": ["127.0.0.1"]}
    return Way(made, receiver.texts, receiver.close, (KEY,))


def send(receiver: Any, alert: Alert, attempt: Attempt | None = None) -> tuple[str, dict[str, Any]]:
    Opsgenie(OpsgenieSettings(KEY, receiver.url, ("127.0.0.1",))).deliver(alert, attempt or Attempt())
    path, _, body = receiver.requests[-1]
    return path, json.loads(body)


def test_an_incident_is_one_alert_and_its_growth_a_note(http_receiver: Any, alert: Alert) -> None:
    path, content = send(http_receiver, alert)
    assert (path, content["alias"], content["priority"]) == ("/v2/alerts", "aabb", "P2")
    path, content = send(http_receiver, dataclasses.replace(alert, event="digest"))
    assert path == "/v2/alerts/aabb/notes?identifierType=alias"
    assert "203.0.113.9" in content["note"]
    path, _ = send(http_receiver, dataclasses.replace(alert, event="digest"), Attempt(plain=True))
    assert path == "/v2/alerts"


def test_a_key_that_no_header_holds_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="key must be plain ASCII") as caught:
        settings.bind(OpsgenieSettings, {"key": "sEc\nReT"}, "channels.o")
    assert "ReT" not in caught.value.sentence
