"""https://docs.ntfy.sh/publish/#limitations: a message of at most 4,096 bytes."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt
from listener.notify.channels.ntfy import Ntfy, NtfySettings
from tests.hooks import Way

TOPIC = "sEcReT_topic"


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    content = json.loads(body)
    fine = content["topic"] == TOPIC and 1 <= len(content["message"].encode()) <= 4096
    return (200, b"{}") if fine and len(content["title"].encode()) <= 250 else (400, b"{}")


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    made = {"topic": TOPIC, "url": receiver.url, "token": "tk_sEcReT", "allow": ["127.0.0.1"]}
    return Way(made, receiver.texts, receiver.close, (TOPIC, "tk_sEcReT"))


@pytest.mark.parametrize(
    ("severity", "priority"), [("low", 2), ("medium", 3), ("high", 4), ("critical", 5), ("", 4)]
)
def test_severity_is_priority(http_receiver: Any, alert: Alert, severity: str, priority: int) -> None:
    made = NtfySettings(TOPIC, http_receiver.url, allow=("127.0.0.1",))
    Ntfy(made).deliver(dataclasses.replace(alert, severity=severity), Attempt())
    assert json.loads(http_receiver.requests[-1][2])["priority"] == priority


def test_a_name_and_a_password_need_not_be_ascii(http_receiver: Any, alert: Alert) -> None:
    made = NtfySettings(TOPIC, http_receiver.url, user="jürgen", password="pässwörd", allow=("127.0.0.1",))
    Ntfy(made).send(alert)
    login = http_receiver.requests[-1][1]["authorization"].removeprefix("Basic ")
    assert base64.b64decode(login).decode() == "jürgen:pässwörd"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"topic": "a b"}, "topic must be"), ({"token": "tk_x", "user": "u"}, "token, or user and password")],
)
def test_bad_settings_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        settings.bind(NtfySettings, {"topic": "x"} | change, "channels.n")
