"""Telegram: a bot's ``sendMessage``, as plain text; what belongs to one incident answers its first message.

https://core.telegram.org/bots/api#sendmessage: 4,096 characters, which Telegram counts in UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from listener.notify.channels import Alert, Attempt, Channel, Receipt
from listener.notify.channels._http import Receiver, send_json
from listener.notify.channels._text import fit, message, short, utf16

_LIMIT = 4096
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """``[channels.NAME] type = "telegram"``."""

    token: str = field(repr=False)
    """The bot's token, as BotFather gave it."""
    chat: str
    """The chat's id (``-1001234567890``) or a channel's ``@name``."""
    topic: int = 0
    """The topic's id in a forum; 0: none."""
    api: str = "https://api.telegram.org"
    """Where the Bot API is."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address (a Bot API server of your own)."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("token must look like 123456:ABC-DEF")
        Receiver.of(self.api, self.allow)


class Telegram(Channel):
    """A message in a Telegram chat."""

    name = "telegram"
    Settings = TelegramSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings, words = self.settings, message(alert)
        lines = [words.headline, *(f"{label}: {value}" for label, value in words.lines)]
        text = short(words) if attempt.plain else "\n".join(lines)
        content: dict[str, Any] = {
            "chat_id": settings.chat,
            "text": fit(text, _LIMIT, utf16),
            "link_preview_options": {"is_disabled": True},
        }
        if settings.topic:
            content["message_thread_id"] = settings.topic
        if attempt.thread.isdigit():
            answered = {"message_id": int(attempt.thread), "allow_sending_without_reply": True}
            content["reply_parameters"] = answered
        url = f"{settings.api}/bot{settings.token}/sendMessage"
        reply = send_json(url, content, allow=settings.allow, ca_file=settings.ca_file)
        result = reply.json().get("result")
        name = result.get("message_id", "") if isinstance(result, dict) else ""
        return Receipt(reply.receipt, thread=str(name)[:20])
