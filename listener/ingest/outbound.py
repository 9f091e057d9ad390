"""Messages that reach canary subscribers, held against the ledger of authorised sends.

A canary with the tag ``list:NAME`` is a subscriber of that list: its mailbox, number or push endpoint is among the
recipients, and is nobody's. A message to it that no authorised send matches went out over somebody else's doing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.clock import from_micros, parse_rfc3339, rfc3339
from canaries.crypto.labels import open_label
from canaries.crypto.sealed_box import Locker
from listener.evidence.derived import SendFact
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.http.message import parse
from listener.http.push_request import FACET
from listener.ingest.message_words import REACHED, words_of
from listener.ingest.recognised_use import RecognisedUse
from listener.sensors import sends
from listener.sensors.announcement import parse_announcement
from listener.sensors.keys import RefusedReportError

if TYPE_CHECKING:
    from canaries.installation.home import Home

TAG = "list:"
SOURCE = "the ledger of authorised sends"
ANNOUNCED = "send 200"
"""What the trap answered to an announcement."""
TAKEN = " 201"
"""How its answer to a push message ends that it took."""
_LATE = timedelta(days=7)
"""How long after its window a send is still named as the nearest one."""


class Outbound:
    """One per intake."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def take(self, sightings: Sequence[Sighting]) -> None:
        """Put what was announced into the ledger, before messages of the same batch are held against it."""
        announced = [one for one in sightings if one.trap == "sensors" and one.answer == ANNOUNCED]
        if not announced:
            return
        with self._home.store.write() as connection:
            for sighting in announced:
                try:
                    request = parse_announcement(parse(sighting.raw).body)
                except RefusedReportError:
                    continue  # the trap has parsed it before
                at, sensor = rfc3339(from_micros(sighting.observed_at)), str(sighting.notes.get("sensor", ""))
                sends.take_announced(connection, self._home, sighting.id, at, request, sensor)

    def judge(self, canary: str, facet: str, sighting: Sighting, reading: Reading) -> SendFact | None:
        """Whether this message was authorised; None where it reached no canary subscriber."""
        parts = words_of(facet, sighting, reading, self._home.keys.lookup) if facet in REACHED else None
        if parts is None:
            return None
        at, since = rfc3339(from_micros(sighting.observed_at)), _since(sighting)
        with self._home.store.read() as connection:
            label = connection.scalar(select(store.canary.c.label).where(store.canary.c.id == canary))
            tags = open_label(Locker(self._home.keys.alerts), canary, label).tags
            lists = [tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)]
            if not lists:
                return None
            fact = SendFact(source=SOURCE, list=", ".join(lists))
            if not parts:
                return fact | SendFact(result="no message")
            known = sends.sends(connection, self._home, rfc3339(parse_rfc3339(since) - _LATE))
        found, why = sends.held_against(known, lists, parts, at, since)
        if not found:
            return fact | SendFact(result="unauthorised", why=why)
        if facet == FACET and not sighting.answer.endswith(TAKEN):
            return fact | SendFact(result="no message")  # refused as a push service would: no copy arrived
        return fact | SendFact(result="authorised", send=found)

    def count(self, connection: Connection, cases: Sequence[RecognisedUse]) -> None:
        """In the transaction of the hits: the copies that arrived."""
        facts = [case.facts.get("authorised_send", {}) for case in cases]
        sends.count_copies(connection, [fact["send"] for fact in facts if fact.get("send")])


def _since(sighting: Sighting) -> str:
    """From when on it may have arrived, RFC 3339: a mailbox is looked into now and then."""
    since = sighting.notes.get("since")
    earliest = min(since, sighting.observed_at) if isinstance(since, int) else sighting.observed_at
    return rfc3339(from_micros(earliest))
