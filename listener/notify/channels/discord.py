"""Discord: a webhook. Markdown is escaped, mentions are switched off, nothing is embedded.

https://discord.com/developers/docs/resources/webhook#execute-webhook: ``content`` has at most 2,000 characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from listener.notify.channels import Alert, Attempt, Channel, Receipt
from listener.notify.channels._http import Receiver, send_json
from listener.notify.channels._text import MessageText, fit, message, short, utf16

_LIMIT = 2000
_HEADLINE, _LINE = 300, 230
"""Characters of the headline and of each of seven lines, escapes included."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~:@])")
_NO_EMBEDS = 1 << 2
"""Message flag SUPPRESS_EMBEDS."""


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """``[channels.NAME] type = "discord"``."""

    url: str = field(repr=False)
    """The webhook's URL; its path is the secret."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        if Receiver.of(self.url, self.allow).parts.query:
            raise ValueError("url must have no query")


class Discord(Channel):
    """A message in a Discord channel."""

    name = "discord"
    Settings = DiscordSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        words, settings = message(alert), self.settings
        text = _escaped(short(words), _LIMIT) if attempt.plain else body(words)
        content: dict[str, Any] = {"content": text, "allowed_mentions": {"parse": []}, "flags": _NO_EMBEDS}
        url = f"{settings.url}?wait=true"  # else Discord answers before it has judged the message
        return Receipt(send_json(url, content, allow=settings.allow, ca_file=settings.ca_file).receipt)


def body(words: MessageText) -> str:
    """The message's text."""
    lines = [f"{label}: {_escaped(value, _LINE)}" for label, value in words.lines]
    return fit("\n".join([f"**{_escaped(words.headline, _HEADLINE)}**", *lines]), _LIMIT, utf16)


def _escaped(text: str, limit: int) -> str:
    def escape(part: str) -> str:
        return _MARKDOWN.sub(r"\\\1", part)

    return escape(fit(text, limit, lambda part: utf16(escape(part))))
