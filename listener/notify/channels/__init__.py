"""The contract of a channel: one file in this folder is one way for an alert to go out.

A channel gets an `Alert`, renders it for its medium (templates in ``templates/notify``), sends it, and returns or
raises `DeliveryError`. It knows nothing of retries: the courier does those. Every string in an alert may be hostile.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from listener.evidence.derived import Facts
else:  # in the outbox they are a map: whatever a source said is kept, and nothing is checked twice
    Facts = dict

FOLDER = __name__


class DeliveryError(Exception):
    """An alert did not go out. The reason holds no secret: no URL, no password, nothing the receiver sent back raw."""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        malformed: bool = False,
        delivered: tuple[str, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        """True: trying again does not help until an operator mends the set-up (password, address, rights)."""
        self.retry_after = retry_after
        """Seconds the receiver asked for, or None."""
        self.malformed = malformed
        """True: the receiver refuses this message, not the set-up; a plainer one may pass."""
        self.delivered = delivered
        """Recipients who have it, where only some were refused: the next attempt leaves them out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the courier knows beside the alert."""

    plain: bool = False
    """True: the rich form was refused as malformed, send the simplest one."""
    done: tuple[str, ...] = ()
    """Recipients who have it from an earlier attempt."""
    thread: str = ""
    """What this channel called the incident's first message (`Receipt.thread`), or empty."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery, as the channel tells of it."""

    text: str
    """For the ledger: ``250 queued``, ``HTTP 200``. ASCII, nothing secret."""
    thread: str = ""
    """What the receiver calls this message, where later ones of its incident can refer to it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One message about hits. JSON-able by `dataclasses.asdict`."""

    id: str
    """32 hexadecimal digits; the same over all retries: receivers drop what they have seen."""
    event: str
    """``first`` (an incident's first sign), ``stronger`` (something weightier in it), ``digest`` (how it grew),
    ``summary`` (several at once), ``used-in-test``, ``channel-down``, ``channel-up``, ``unwell``, ``well-again``,
    ``integrity`` (evidence may be tampered with), ``heartbeat`` or ``test``; from 0.1 also ``flood``."""
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
    """Address of the client, as observed or reported; empty where nobody named one."""
    port: int = 0
    facts: Facts = field(default_factory=Facts)
    """Derived."""
    reported: str = ""
    """Where the address is not simply the peer that a trap saw: in words, how it is known, and which it is."""
    client: str = ""
    """What the client says it is (User-Agent): hostile."""
    incident: str = ""
    sequence: int = 0
    """Of heartbeats: a gap means a lost one."""
    sources: int = 0
    """How many different sources the incident has so far."""
    severity: str = ""
    """``low``, ``medium``, ``high`` or ``critical``."""
    places: tuple[str, ...] = ()
    """Where the bait was planted, newest first."""
    status: str = ""
    """``retired``, ``expired``, or empty."""
    recipient: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    request: str = ""
    """What was asked for, in one line: hostile."""
    acts: str = ""
    """What was done behind it on the same connection, in one line: hostile."""
    total: int = 0
    """Hits of the incident so far; `hits` are those not told of before."""
    canaries: int = 0
    """Canaries of the incident so far."""
    reach: str = ""
    """How much of a table was read: ``3 of the 20 canaries in TABLE``; empty where none with several is concerned."""
    incidents: int = 0
    """Of a summary: how many incidents it speaks of."""
    zone: str = ""
    """The operator's time zone, an IANA name."""
    link: str = ""
    """Where to look, or empty."""
    why: str = ""
    """Of ``stronger``: what is new."""
    checkpoint: str = ""
    """The log's newest signed head, in one line (`canaries.ledger.signed_note.compact`): whoever keeps this message can
    hold it against the log later."""
    leaves: tuple[str, ...] = ()
    """Leaf hashes of the hits that this message tells of, hexadecimal, the newest fifty: each is in the log, or was
    taken away."""
    unsealed_since: str = ""
    """RFC 3339 where sealing has stopped: what happened since then is not protected."""
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

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        """The same, for channels that know threads, several recipients or a plainer form. Raises DeliveryError."""
        return Receipt(self.send(alert))
