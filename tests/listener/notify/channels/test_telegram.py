"""https://core.telegram.org/bots/api#sendmessage: text of 1 to 4,096 characters (UTF-16 code units)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt
from listener.notify.channels.telegram import Telegram, TelegramSettings
from tests.hooks import Way

TOKEN = "123456:sEcReT-token"


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    content = json.loads(body)
    length = len(content["text"].encode("utf-16-le")) // 2
    if path != f"/bot{TOKEN}/sendMessage" or content["chat_id"] != "-100" or not 1 <= length <= 4096:
        return 400, b'{"ok":false,"description":"Bad Request: message is too long"}'
    return 200, b'{"ok":true,"result":{"message_id":77}}'


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    made = {"token": TOKEN, "chat": "-100", "api": receiver.url, "allow": ["127.0.0.1"]}
    return Way(made, receiver.texts, receiver.close, (TOKEN,))


def channel(receiver: Any, **more: Any) -> Telegram:
    return Telegram(TelegramSettings(TOKEN, "-100", api=receiver.url, allow=("127.0.0.1",), **more))


def test_what_belongs_to_one_incident_answers_its_first_message(http_receiver: Any, alert: Alert) -> None:
    http_receiver.judge = judge
    receipt = channel(http_receiver).deliver(alert, Attempt())
    assert receipt.thread == "77"
    channel(http_receiver, topic=5).deliver(alert, Attempt(thread=receipt.thread, plain=True))
    first, second = (json.loads(body) for _, _, body in http_receiver.requests)
    assert "reply_parameters" not in first
    assert first["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in first
    assert second["reply_parameters"] == {"message_id": 77, "allow_sending_without_reply": True}
    assert second["message_thread_id"] == 5
    assert len(first["text"].split("\n")) == 8


@pytest.mark.parametrize("token", ["", "x", "7654321", "7654321:a/b", "7654321:a\nb"])
def test_a_token_that_is_none_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(SettingsError, match="token must look like") as caught:
        settings.bind(TelegramSettings, {"token": token, "chat": "1"}, "channels.t")
    assert len(token) < 2 or token not in caught.value.sentence
