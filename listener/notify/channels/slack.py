"""Slack: an incoming webhook, or a bot token, which also threads what belongs to one incident.

Every value is a ``plain_text`` object (no markup, no mentions, no links), with Slack's three entities escaped
(https://api.slack.com/reference/surfaces/formatting#escaping), and nothing is unfurled. Lengths are those of the
escaped text (https://api.slack.com/reference/block-kit/blocks).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from listener.notify.channels import Alert, Attempt, Channel, DeliveryError, Receipt
from listener.notify.channels._http import Receiver, exchange
from listener.notify.channels._text import MessageText, fit, message, short

_HEADER_LIMIT, _SECTION_LIMIT, _TEXT_LIMIT, _LINE_LIMIT = 150, 3000, 3000, 420
"""Characters of a header, of a section's text, of the fallback text; and of one line, so that all seven fit."""
_REFUSED = {"invalid_blocks", "msg_too_long", "invalid_arguments", "msg_blocks_too_long", "no_text"}


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """``[channels.NAME] type = "slack"``: a ``url``, or a ``token`` and a ``channel``."""

    url: str = field(default="", repr=False)
    """The incoming webhook's URL; its path is the secret."""
    token: str = field(default="", repr=False)
    """A bot token (``xoxb-…``, scope ``chat:write``): growth of an incident then goes into its thread."""
    channel: str = ""
    """With a token: the channel's ID."""
    api: str = "https://slack.com/api"
    """With a token: where the Web API is."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address (Mattermost, Rocket.Chat of your own)."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        if self.token:
            if self.url or not self.channel:
                raise ValueError("give url alone, or token and channel")
            if not self.token.isascii() or not self.token.isprintable():
                raise ValueError("token must be plain ASCII")
            Receiver.of(self.api, self.allow)
        elif not self.url:
            raise ValueError("needs url, or token and channel")
        else:
            Receiver.of(self.url, self.allow)


class Slack(Channel):
    """A message in a Slack channel, or in anything that speaks its webhooks."""

    name = "slack"
    Settings = SlackSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings, words = self.settings, message(alert)
        content = {"text": _bounded(short(words), _TEXT_LIMIT)} if attempt.plain else payload(words)
        headers = {"Content-Type": "application/json"}
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token}"
            content["channel"] = settings.channel
            if attempt.thread:
                content |= {"thread_ts": attempt.thread, "reply_broadcast": alert.event == "stronger"}
        receiver = Receiver.of(
            f"{settings.api}/chat.postMessage" if settings.token else settings.url, settings.allow
        )
        body = json.dumps(content, ensure_ascii=True).encode()
        reply = exchange(receiver, body, headers, allow=settings.allow, ca_file=settings.ca_file)
        if not settings.token:
            return Receipt(reply.receipt)
        said = reply.json()
        if said.get("ok") is not True:
            raise _refused(receiver.host, str(said.get("error", "")))
        return Receipt(reply.receipt, thread=str(said.get("ts", ""))[:64])


def payload(words: MessageText) -> dict[str, Any]:
    """The JSON of a message: a header and one section of lines."""
    lines = "\n".join(f"{label}: {_raw_fit(value)}" for label, value in words.lines)
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(words.headline, _HEADER_LIMIT)}]
    if lines:
        blocks.append({"type": "section", "text": _plain(lines, _SECTION_LIMIT)})
    return {
        "text": _bounded(words.headline, _TEXT_LIMIT),
        "blocks": blocks,
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _refused(host: str, error: str) -> DeliveryError:
    known = error if error.replace("_", "").isalnum() and len(error) < 40 else "an unknown error"
    temporary = error in (
        "ratelimited",
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "request_timeout",
    )
    return DeliveryError(f"{host} says {known}", permanent=not temporary, malformed=error in _REFUSED)


def _raw_fit(value: str) -> str:
    return fit(value, _LINE_LIMIT, lambda text: len(_escape(text)))


def _bounded(text: str, limit: int) -> str:
    return _escape(fit(text, limit, lambda part: len(_escape(part))))


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _bounded(text, limit), "emoji": False}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
