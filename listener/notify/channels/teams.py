"""Microsoft Teams: a Workflows webhook ("When a Teams webhook request is received") with an Adaptive Card.

Every text is a ``TextRun``, which knows no Markdown, so nothing a visitor wrote makes a link or a mention
(https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format). A message has at most
28 KB (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from listener.notify.channels import Alert, Attempt, Channel, DeliveryError, Receipt
from listener.notify.channels._http import Receiver, send_json
from listener.notify.channels._text import MessageText, fit, message, short

_LIMIT = 28_000
_LINE_BYTES = 2_400
"""Bytes of one line as JSON: seven of them and a headline stay far below the limit."""
_COLOURS = {"low": "default", "medium": "warning", "high": "attention", "critical": "attention"}


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """``[channels.NAME] type = "teams"``."""

    url: str = field(repr=False)
    """The workflow's URL; its query holds the secret."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)


class Teams(Channel):
    """A card in a Teams channel or chat."""

    name = "teams"
    Settings = TeamsSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        words, settings = message(alert), self.settings
        content = _message([_run(short(words))]) if attempt.plain else card(words)
        reply = send_json(settings.url, content, allow=settings.allow, ca_file=settings.ca_file)
        if b"endpoint returned HTTP error" in reply.body:  # the connector answers 200 all the same
            raise DeliveryError("Teams did not take the message")
        return Receipt(reply.receipt)


def card(words: MessageText) -> dict[str, Any]:
    """The JSON of a message."""
    runs = [
        _run(words.headline, weight="Bolder", size="Medium", color=_COLOURS.get(words.severity, "default"))
    ]
    runs += [_run(f"{label}: {value}") for label, value in words.lines]
    return _message(runs)


def _message(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    content = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "msteams": {"width": "Full"},
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": content}]}


def _run(text: str, **style: str) -> dict[str, Any]:
    run = {"type": "TextRun", "text": fit(text, _LINE_BYTES, lambda part: len(json.dumps(part))), **style}
    return {"type": "RichTextBlock", "inlines": [run]}
