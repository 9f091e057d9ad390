"""PagerDuty: Events API v2. An incident of Trapline is one of PagerDuty's, by its ``dedup_key``.

https://developer.pagerduty.com/docs/events-api-v2/trigger-events/: a summary has at most 1,024 characters, an event
512 KB. What Trapline says of itself at fixed times is a change event, which pages nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from listener.notify.channels import Alert, Attempt, Channel, Receipt
from listener.notify.channels._http import Receiver, send_json
from listener.notify.channels._text import MessageText, fit, message, short

_SUMMARY = 1024
_SEVERITY = {"low": "info", "medium": "warning", "high": "error", "critical": "critical"}
_CALM = {"heartbeat", "channel-up", "well-again"}


@dataclass(frozen=True, slots=True)
class PagerDutySettings:
    """``[channels.NAME] type = "pagerduty"``."""

    routing_key: str = field(repr=False)
    """The integration key of the service, 32 characters."""
    url: str = "https://events.pagerduty.com"
    """``https://events.eu.pagerduty.com`` for accounts in the EU."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)
        if len(self.routing_key) != 32 or not self.routing_key.isalnum():
            raise ValueError("routing_key must be 32 letters and digits")


class PagerDuty(Channel):
    """An event that pages whoever is on call."""

    name = "pagerduty"
    Settings = PagerDutySettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings, words = self.settings, message(alert)
        calm = alert.event in _CALM
        content = event(alert, words, plain=attempt.plain) | {"routing_key": settings.routing_key}
        url = settings.url.rstrip("/") + ("/v2/change/enqueue" if calm else "/v2/enqueue")
        return Receipt(send_json(url, content, allow=settings.allow, ca_file=settings.ca_file).receipt)


def event(alert: Alert, words: MessageText, *, plain: bool) -> dict[str, Any]:
    """The JSON of an event, without the key."""
    payload: dict[str, Any] = {
        "summary": fit(short(words) if plain else words.headline, _SUMMARY),
        "source": "trapline",
        "timestamp": alert.at,
    }
    if not plain:
        payload["custom_details"] = dict(words.lines)
    if alert.event in _CALM:
        return {"payload": payload}
    payload["severity"] = _SEVERITY.get(words.severity, "warning")
    return {"event_action": "trigger", "dedup_key": (alert.incident or alert.event)[:255], "payload": payload}
