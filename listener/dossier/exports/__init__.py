"""The contract of an exchange format: one file in this folder writes a case for the programs of others.

An exchange is a convenience, never the evidence: it names the entry and leaf hash of each hit, and the dossier proves
them. What was observed, what a header or a client claims and what was derived stand in fields of their own; nobody is
named, least of all from an address. The same case at the same size of the log gives the same bytes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from listener.dossier.case import Case
from listener.dossier.case_records import Event
from listener.dossier.contacts import answers
from listener.dossier.exports._event import ExchangeEvent, exchange_event

FOLDER = __name__


@dataclass(frozen=True, slots=True)
class ExchangeCase:
    """What an exchange format may know of a case."""

    name: str
    """``incident-ID`` or ``canary-ID``."""
    organisation: str
    contact: str
    at: str
    """RFC 3339: when the log's last checkpoint was signed; the date of what is exported."""
    size: int
    """Entries of the log under that checkpoint."""
    events: tuple[ExchangeEvent, ...]
    """By time of observation."""
    abuse: Mapping[str, tuple[str, ...]]
    """Network (`listener.network_data.rdap.network_of`) to the mail addresses that its registry gave when asked."""


class Exchange(ABC):
    """One exchange format."""

    name: ClassVar[str]
    """What ``trapline dossier export --format`` calls it."""
    suffix: ClassVar[str]
    """How a file of it ends, with the dot."""

    @abstractmethod
    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        """The whole file, in pieces."""


def exchange_case(case: Case, events: Iterable[Event]) -> ExchangeCase:
    """What of ``case`` is exchanged."""
    found = sorted((exchange_event(event) for event in events), key=lambda event: (event.at, event.index))
    signed = case.head
    return ExchangeCase(
        name=case.name,
        organisation=case.organisation,
        contact=case.contact,
        at=signed.at,
        size=signed.checkpoint.size,
        events=tuple(found),
        abuse={network: tuple(said.get("abuse", ())) for network, (said, _) in answers(case.story).items()},
    )
