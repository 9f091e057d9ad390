"""https://discord.com/developers/docs/resources/webhook#execute-webhook: content of 1 to 2,000 characters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt
from listener.notify.channels.discord import Discord, DiscordSettings
from tests.hooks import Way


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """What Discord takes; it counts a character outside the first plane once, so UTF-16 is the stricter count."""
    text = json.loads(body)["content"]
    return (200, b"{}") if 1 <= len(text.encode("utf-16-le")) // 2 <= 2000 else (400, b"{}")


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    url = f"{receiver.url}/api/webhooks/1/sEcReTtoken"
    return Way({"url": url, "allow": ["127.0.0.1"]}, receiver.texts, receiver.close, ("sEcReTtoken",))


def send(receiver: Any, alert: Alert, attempt: Attempt | None = None) -> dict[str, Any]:
    Discord(DiscordSettings(f"{receiver.url}/w", ("127.0.0.1",))).deliver(alert, attempt or Attempt())
    content: dict[str, Any] = json.loads(receiver.requests[-1][2])
    return content


def test_mentions_and_embeds_are_off_and_markdown_is_escaped(http_receiver: Any, alert: Alert) -> None:
    content = send(http_receiver, alert)
    assert (content["allowed_mentions"], content["flags"]) == ({"parse": []}, 4)
    assert http_receiver.requests[-1][0].endswith("?wait=true")
    headline, *lines = content["content"].split("\n")
    assert headline == "**HIGH\\: aws key used (in the wiki)**"
    assert "\\<script\\>" in content["content"]
    assert len(lines) == 7


def test_a_plain_message_is_one_line(http_receiver: Any, alert: Alert) -> None:
    assert "\n" not in send(http_receiver, alert, Attempt(plain=True))["content"]


def test_a_url_with_a_query_is_refused() -> None:
    with pytest.raises(SettingsError, match="no query"):
        settings.bind(DiscordSettings, {"url": "https://discord.example/x?wait=true"}, "channels.d")
