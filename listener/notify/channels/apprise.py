"""apprise: the long tail of services (https://github.com/caronc/apprise/wiki), by its URLs. Needs an extra."""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass, field
from typing import Any

from listener.notify.channels import Alert, Attempt, Channel, DeliveryError, Receipt
from listener.notify.channels._text import fit, message, short

_BODY, _TITLE = 4000, 200
_TYPES = {"low": "info", "medium": "warning", "high": "failure", "critical": "failure"}


@dataclass(frozen=True, slots=True)
class AppriseSettings:
    """``[channels.NAME] type = "apprise"``."""

    url: str = field(repr=False)
    """One of apprise's URLs (``gotify://host/token``); it is the secret. No address of it is refused."""

    def __post_init__(self) -> None:
        if "://" not in self.url:
            raise ValueError("url must be one of apprise's, such as gotify://host/token")


class Apprise(Channel):
    """Whatever apprise knows."""

    name = "apprise"
    Settings = AppriseSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        service, words = self._service(), message(alert)
        text = (
            short(words) if attempt.plain else "\n".join(f"{label}: {value}" for label, value in words.lines)
        )
        taken = service.notify(
            title=fit(words.headline, _TITLE),
            body=fit(text, _BODY) or words.headline,
            notify_type=_TYPES.get(words.severity, "info"),
            body_format="text",
            interpret_escapes=False,
        )
        if not taken:
            raise DeliveryError("apprise could not deliver it: the service refused it or does not answer")
        return Receipt("taken by apprise")

    def _service(self) -> Any:
        try:
            apprise = importlib.import_module("apprise")
        except ImportError:
            reason = "the package apprise is not installed: pip install 'trapline[apprise]'"
            raise DeliveryError(reason, permanent=True) from None
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages hold URLs
        service = apprise.Apprise()
        if not service.add(self.settings.url):
            raise DeliveryError("apprise does not know this kind of URL", permanent=True)
        return service
