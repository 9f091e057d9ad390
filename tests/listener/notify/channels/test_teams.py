"""https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using: 28 KB."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt, DeliveryError
from listener.notify.channels.teams import Teams, TeamsSettings
from tests.hooks import Way


def judge(path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """What the workflow takes: a message with one card, all of it at most 28 KB."""
    content = json.loads(body)
    (card,) = content["attachments"]
    fine = content["type"] == "message" and card["contentType"] == "application/vnd.microsoft.card.adaptive"
    runs = [run for block in card["content"]["body"] for run in block["inlines"]]
    fine = fine and all(run["type"] == "TextRun" and run["text"] for run in runs)
    return (202, b"") if fine and len(body) <= 28 * 1024 else (400, b"")


def way(request: pytest.FixtureRequest) -> Way:
    receiver = request.getfixturevalue("http_receiver")
    receiver.judge = judge
    url = f"{receiver.url}/workflows/x?sig=sEcReTsig"
    return Way({"url": url, "allow": ["127.0.0.1"]}, receiver.texts, receiver.close, ("sEcReTsig",))


def send(receiver: Any, alert: Alert, attempt: Attempt | None = None) -> Any:
    Teams(TeamsSettings(f"{receiver.url}/w", ("127.0.0.1",))).deliver(alert, attempt or Attempt())
    return json.loads(receiver.requests[-1][2])["attachments"][0]["content"]["body"]


def test_a_card_has_the_headline_in_the_colour_of_its_severity_and_seven_lines(
    http_receiver: Any, alert: Alert
) -> None:
    told = dataclasses.replace(alert, severity="high", places=("/srv/.env",))
    first, *lines = [block["inlines"][0] for block in send(http_receiver, told)]
    assert (first["text"], first["color"]) == ("HIGH: aws key used (in the wiki)", "attention")
    assert [line["text"].split(":")[0] for line in lines] == [
        "Used",
        "Where it lay",
        "Severity",
        "From",
        "What it did",
        "When",
        "So far",
    ]


def test_a_plain_message_is_one_run(http_receiver: Any, alert: Alert) -> None:
    assert len(send(http_receiver, alert, Attempt(plain=True))) == 1


def test_an_error_inside_an_answer_of_200_is_an_error(http_receiver: Any, alert: Alert) -> None:
    http_receiver.answer = b"Microsoft Teams endpoint returned HTTP error 429"
    with pytest.raises(DeliveryError) as caught:
        send(http_receiver, alert)
    assert not caught.value.permanent


def test_a_bad_url_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.bind(TeamsSettings, {"url": "http://example.net/sEcReT"}, "channels.t")
    assert "sEcReT" not in caught.value.sentence
