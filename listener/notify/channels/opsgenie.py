"""Opsgenie: the Alert API. An incident is one alert, by its ``alias``; growth is a note below it.

https://docs.opsgenie.com/docs/alert-api: message 130 characters, description 15,000, note 25,000, details 8,000 in all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from listener.notify.channels import Alert, Attempt, Channel, Receipt
from listener.notify.channels._http import Receiver, header_safe, send_json
from listener.notify.channels._text import MessageText, fit, message, short, utf16

_MESSAGE, _DESCRIPTION, _NOTE, _SOURCE = 130, 15_000, 25_000, 100
_PRIORITY = {"low": "P4", "medium": "P3", "high": "P2", "critical": "P1"}


@dataclass(frozen=True, slots=True)
class OpsgenieSettings:
    """``[channels.NAME] type = "opsgenie"``."""

    key: str = field(repr=False)
    """The API integration's key."""
    url: str = "https://api.opsgenie.com"
    """``https://api.eu.opsgenie.com`` for accounts in the EU."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)
        header_safe(self.key, "key")


class Opsgenie(Channel):
    """An alert for whoever is on call."""

    name = "opsgenie"
    Settings = OpsgenieSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings, words = self.settings, message(alert)
        url, content = settings.url.rstrip("/") + "/v2/alerts", _created(alert, words, plain=attempt.plain)
        if alert.event == "digest" and alert.incident and not attempt.plain:
            url += f"/{quote(alert.incident, safe='')}/notes?identifierType=alias"
            content = {"note": fit(words.text, _NOTE, utf16), "source": "trapline"}
        headers = {"Authorization": f"GenieKey {settings.key}"}
        reply = send_json(url, content, allow=settings.allow, ca_file=settings.ca_file, headers=headers)
        return Receipt(reply.receipt)


def _created(alert: Alert, words: MessageText, *, plain: bool) -> dict[str, Any]:
    text = short(words) if plain else words.text
    return {
        "message": fit(words.headline, _MESSAGE, utf16),
        "alias": (alert.incident or alert.id)[:512],
        "description": fit(text, _DESCRIPTION, utf16),
        "priority": _PRIORITY.get(words.severity, "P5"),
        "source": "trapline"[:_SOURCE],
    }
