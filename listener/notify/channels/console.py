"""The listener's own terminal, or the journal of the service it runs as: standard error, where its talk goes."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from listener.notify.channels import Alert, Channel, DeliveryError
from listener.notify.channels._text import message


@dataclass(frozen=True, slots=True)
class ConsoleChannelSettings:
    """``[channels.NAME] type = "console"``; there is nothing to set."""


class Console(Channel):
    """Writes the alert as text."""

    name = "console"
    Settings = ConsoleChannelSettings

    def send(self, alert: Alert) -> str:
        stream = sys.stderr
        # whatever the terminal's encoding cannot hold is escaped: an alert must not fail on an umlaut
        encoding = stream.encoding or "ascii"
        text = message(alert).text.encode(encoding, "backslashreplace").decode(encoding)
        try:
            stream.write(f"{text}\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the stream is gone: {type(error).__name__}", permanent=False) from None
        return "written to stderr"
