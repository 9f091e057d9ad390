"""The back half of what a log says: the record's word, marked as that, and which strings in it may be tokens."""

from __future__ import annotations

from canaries.core.errors import SettingsError
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.logs import LogRecord, source
from listener.protocol.candidates import Candidates, sighting_candidates
from listener.sensors.reported import ReportObserved


def read_log_record(sighting: Sighting, sort: str, observed: ReportObserved) -> Reading:
    """Observed details and candidates of one record. Never raises."""
    notes = sighting.notes
    observed["log"] = {
        "source": "provider_log",
        "clock": "theirs",
        "type": sort,
        "path": notes.get("path"),
        "offset": notes.get("offset"),
    }
    try:
        record = source(sort).record(sighting.raw)
    except SettingsError:
        record = None
    if record is None:
        everything = sighting_candidates(sighting)
        return Reading(observed, everything.all(), everything.bounds)
    _describe(record, observed)
    found = Candidates(len(sighting.raw))
    for text in record.strings:
        found.add(text)
    if not record.only_strings:
        found.look(sighting.raw)
        for text in (record.account, record.request):
            found.add(text)
            found.add(text.lower())
    return Reading(observed, found.all(), found.bounds)


def _describe(record: LogRecord, observed: ReportObserved) -> None:
    who = f"by account {record.account}" if record.account else ""
    observed["request"] = " ".join(filter(None, (record.event, record.request, who)))
    said = {
        "account": record.account,
        "client": record.client,
        "port": record.port,
        "request": record.request,
    }
    observed["reported"] = {name: value for name, value in said.items() if value} | record.facts
    if record.at:
        observed["reported"]["at"] = record.at
    if record.user_agent:
        observed["user_agent"] = record.user_agent
