"""The back half of what sensors report: which strings may be tokens, and the application's word, marked as that."""

from __future__ import annotations

from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.hook.values import forms
from listener.http.message import parse
from listener.protocol.candidates import Candidates, sighting_candidates, text_candidates
from listener.readers.mark import MarkedRead
from listener.sensors.keys import RefusedReportError
from listener.sensors.log_reading import read_log_record
from listener.sensors.mailbox_reading import read_mailbox_message
from listener.sensors.report import SensorReport, parse_report
from listener.sensors.reported import ReportObserved


def read_report(sighting: Sighting) -> Reading:
    """Observed details and candidates of one report. Never raises; ``observed`` is a `ReportObserved`."""
    sensor = sighting.notes.get("sensor", "")
    observed = ReportObserved(sensor=sensor if isinstance(sensor, str) else "")
    if isinstance(sort := sighting.notes.get("log"), str):
        return read_log_record(sighting, sort, observed)
    if "mailbox" in sighting.notes:
        return read_mailbox_message(sighting)
    if isinstance(number := sighting.notes.get("number"), str):
        observed["request"] = f"text message to {number}"
        observed["reported"] = {name: sighting.notes.get(name) for name in ("sender", "number", "message")}
        said = text_candidates([str(sighting.notes.get("message", "")).encode("utf-8", "surrogatepass")])
        return Reading(observed, [f"sms:{number}".encode(), *said.all()], said.bounds)
    try:
        report = parse_report(parse(sighting.raw).body)
    except RefusedReportError:
        found = sighting_candidates(sighting)
        return Reading(observed, found.all(), found.bounds)
    _describe(report, observed)
    found = Candidates(len(sighting.raw))
    for mark in report.rows:
        found.add(mark)
    for item in report.found:
        found.add(item.value)
        found.add(item.value.lower())
        found.look(item.value.encode("utf-8", "surrogatepass"))
        for form in forms(item.value, guessable=True):
            found.add(form.decode("utf-8", "surrogatepass"))
    return Reading(observed, found.all(), found.bounds)


def reported_reads(sighting: Sighting) -> list[MarkedRead]:
    """Rows that a proxy in front of a database saw, as a sensor in the database would tell of them."""
    if b'"rows"' not in sighting.raw:
        return []
    try:
        report = parse_report(parse(sighting.raw).body)
    except RefusedReportError:
        return []
    facts = report.facts
    said = {**facts, "user": facts.get("account"), "at": report.at}
    return [MarkedRead(mark, said) for mark in report.rows]


def _describe(report: SensorReport, observed: ReportObserved) -> None:
    facts = report.facts
    route, method = str(facts.get("route") or ""), str(facts.get("method") or "")
    what, account = report.event or "noticed", facts.get("account")
    who = f"by account {account}" if account not in (None, "") else ""
    query = str(facts.get("query") or "")
    observed["request"] = " ".join(filter(None, (what, method, route, who, query)))[:4096]
    observed["reported"] = {**facts, **({"at": report.at} if report.at else {})}
    if report.event:
        observed["event"] = report.event
    observed["found"] = [(item.where, item.value) for item in report.found]
    agent = facts.get("user_agent") or facts.get("application")
    if isinstance(agent, str):
        observed["user_agent"] = agent
    if report.dropped:
        observed["dropped"] = report.dropped
