"""The contract of a channel: one file in this folder is one way for an alert to go out.

A channel gets an `Alert`, renders it for its medium (templates in ``templates/alerts``), sends it, and returns or
raises `DeliveryError`. It knows nothing of retries: the courier does those. Every string in an alert may be hostile.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

FOLDER = __name__


class DeliveryError(Exception):
    """An alert did not go out. The reason holds no secret: no URL, no password, nothing the receiver sent back raw."""

    def __init__(self, reason: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        """True: trying again cannot help."""
        self.retry_after = retry_after
        """Seconds the receiver asked for, or None."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One message about hits. JSON-able by `dataclasses.asdict`."""

    id: str
    """32 hexadecimal digits; the same over all retries: receivers drop what they have seen."""
    event: str
    """``first`` (a source's first hits), ``digest`` (its further ones), ``flood`` (many new sources), ``heartbeat`` or
    ``test``."""
    at: str
    """RFC 3339: when it was decided, not when it goes out."""
    organisation: str = ""
    canary: str = ""
    """Id of the canary; all bait strings stay out of alerts."""
    kind: str = ""
    memo: str = ""
    facet: str = ""
    trap: str = ""
    hits: int = 0
    """How many hits this message tells of."""
    first_at: str = ""
    last_at: str = ""
    source: str = ""
    """Address of the client, as observed."""
    port: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    """Derived: `listener.facts`, by source name."""
    client: str = ""
    """What the client says it is (User-Agent): hostile."""
    incident: str = ""
    sequence: int = 0
    """Of heartbeats: a gap means a lost one."""
    sources: int = 0
    """Of floods and digests: how many different addresses."""
    note: str = ""
    """Further words of Trapline's own, a line each."""


class Channel(ABC):
    """One way out. ``[channels.NAME]`` with ``type = "slack"`` and the fields of ``Settings``."""

    name: ClassVar[str]
    """As in ``type``."""
    Settings: ClassVar[type[Any]]
    """A frozen dataclass of this channel's settings."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @abstractmethod
    def send(self, alert: Alert) -> str:
        """Deliver; a receipt for the ledger comes back (``250 queued``, ``HTTP 200``). Raises DeliveryError."""
