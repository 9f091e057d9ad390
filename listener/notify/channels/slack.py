"""Slack: an incoming webhook with Block Kit.

Every value is a ``plain_text`` object (no markup, no mentions, no links), with Slack's three entities escaped
(https://api.slack.com/reference/surfaces/formatting#escaping), and nothing is unfurled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from canaries.core.text import clip
from listener.notify.channels import Alert, Channel
from listener.notify.channels._http import Receiver, post
from listener.notify.channels._text import MessageText, message

_HEADER_LIMIT = 150
_FIELDS = 10
"""Block Kit: characters of a header, fields of a section."""


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """``[channels.NAME] type = "slack"``."""

    url: str = field(repr=False)
    """The incoming webhook's URL; its path is the secret."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address (Mattermost, Rocket.Chat of your own)."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)


class Slack(Channel):
    """A message in a Slack channel, or in anything that speaks its webhooks."""

    name = "slack"
    Settings = SlackSettings

    def send(self, alert: Alert) -> str:
        body = json.dumps(payload(message(alert)), ensure_ascii=True).encode()
        receiver = Receiver.of(self.settings.url, self.settings.allow)
        headers = {"Content-Type": "application/json"}
        return post(receiver, body, headers, allow=self.settings.allow, ca_file=self.settings.ca_file)


def payload(words: MessageText) -> dict[str, Any]:
    """The webhook's JSON."""
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(clip(words.headline, _HEADER_LIMIT))}]
    blocks += _sections(words.observed)
    if words.derived:
        blocks += [
            {"type": "context", "elements": [_plain("Derived, not observed:")]},
            *_sections(words.derived),
        ]
    return {
        "text": _escape(words.headline),
        "blocks": blocks,
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _sections(pairs: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(pairs), _FIELDS):
        some = pairs[start : start + _FIELDS]
        yield {"type": "section", "fields": [_plain(f"{label}\n{value}") for label, value in some]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": _escape(text), "emoji": False}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
