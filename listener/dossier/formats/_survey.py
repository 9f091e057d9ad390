"""What one pass over all events of a case leaves in memory for the report: bounded, whatever a scanner sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from canaries.core.clock import parse_rfc3339
from canaries.ledger.entries import Entry
from listener.dossier.case import Case
from listener.dossier.case_records import Event
from listener.evidence import acts, observed
from listener.evidence.derived import Facts
from listener.evidence.shapes import HitBody
from listener.incidents import briefing
from listener.incidents.uses import NETWORKS, NetworkUse, count_network, mark
from listener.incidents.weighing import Traits
from listener.incidents.wording import LABELS, Origin, origin, whence

ROWS = 1_000
"""Rows of the event table; all events are in the NDJSON file."""
SHEETS = 4
"""Events with a sheet of their own: the gravest first, one of each canary, part used and source; one of each sort of
event before a second one of any."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the event table."""

    number: int
    """Of the exhibit: E-1 is the first."""
    index: int
    id: str
    """Of the hit."""
    at: str
    local: str
    """In the operator's own zone; empty where none is set."""
    source: str
    """Where it came from, in words that say whether that was observed or claimed."""
    ip: str
    canary: str
    facet: str
    credential: bool
    mark: str
    """``own`` or ``test``: the operator's own, by a rule that an operator made; else empty."""
    request: str
    """Hostile; the template makes it visible."""
    raw_sha256: str
    """Hexadecimal: the exhibit's file name in ``raw/``."""


@dataclass(slots=True)
class Survey:
    """The counts, and the rows and sheets that are printed."""

    rows: list[Row] = field(default_factory=list)
    key_events: list[Event] = field(default_factory=list)
    """The gravest first."""
    first: str = ""
    """Time of the first event, RFC 3339."""
    last: str = ""
    """Time of the last event."""
    seen: dict[Origin, set[str]] = field(default_factory=lambda: {name: set() for name in LABELS})
    """Addresses by how they are known, each up to `ROWS` + 1: beyond that the report says "more than"."""
    reported: int = 0
    """Uses that no trap saw: the operator's application, log or mailbox told of them."""
    clocks: Counter[str] = field(default_factory=Counter)
    """Events by the state of the clock: ``ntp``, ``free`` ..."""
    traits: Traits = field(default_factory=Traits)
    severities: Counter[str] = field(default_factory=Counter)
    networks: dict[str, NetworkUse] = field(default_factory=dict)
    hours: list[list[int]] = field(default_factory=lambda: [[0] * 24 for _ in range(7)])
    """Uses by weekday (Monday first) and hour, in the operator's zone or UTC."""
    own: int = 0
    """Uses that a rule marks as the operator's own."""
    versions: set[str] = field(default_factory=set)
    """Of the listener that recorded."""
    traps: set[str] = field(default_factory=set)
    data: set[tuple[str, str]] = field(default_factory=set)
    """Sources of facts and the dates of their data."""

    def called(self, story: Sequence[Entry]) -> dict[str, str]:
        """What the page calls each entry of ``story`` and each hit of the table, by its id: what judgements rest on."""
        acts = {entry.id: f"{entry.kind}, entry {entry.seq}" for entry in story}
        return acts | {row.id: f"E-{row.number} (entry {row.index})" for row in self.rows}

    @property
    def sources(self) -> list[tuple[str, NetworkUse]]:
        """The networks, most uses first."""
        return sorted(self.networks.items(), key=lambda item: (-item[1].uses, item[0]))


def survey(case: Case) -> Survey:
    """Go through all events once. Raises LedgerError where a record was changed."""
    found, zone = Survey(), briefing.time_zone(case.zone)
    strongest: dict[tuple[str, str, str], tuple[int, str, Event]] = {}
    for event in case.events():
        body, facts = event.body, event.facts
        at = body["observed_at"]
        found.first, found.last = min(found.first or at, at), max(found.last, at)
        known = origin(body)
        found.reported += known == "reported"
        if len(found.seen[known]) <= ROWS and body["source"]["ip"]:
            found.seen[known].add(body["source"]["ip"])
        found.traits.see(body, facts)
        found.clocks[str(body["clock"].get("source") or "unknown")] += 1
        found.severities[briefing.severity(body["facet"], facts)] += 1
        found.own += bool(mark(facts))
        count_network(found.networks, body, facts)
        local = parse_rfc3339(at).astimezone(zone or UTC)
        found.hours[local.weekday()][local.hour] += 1
        _method(found, body, facts)
        if len(found.rows) < ROWS:
            found.rows.append(_row(event, len(found.rows) + 1, zone))
        key = (body["canary"], body["facet"], body["source"]["ip"])
        rank = (-briefing.weight(body["facet"], facts), at, event)
        if key not in strongest or rank[:2] < strongest[key][:2]:
            strongest[key] = rank
        if len(strongest) > 8 * SHEETS:  # the gravest stay
            strongest = dict(sorted(strongest.items(), key=lambda item: item[1][:2])[: 4 * SHEETS])
    ranked = sorted(strongest.values(), key=lambda rank: rank[:2])
    chosen = chosen_sheets([_sort(event) for _, _, event in ranked], SHEETS)
    found.key_events = [ranked[number][2] for number in chosen]
    return found


def chosen_sheets(sorts: Sequence[str], limit: int) -> list[int]:
    """Which of the events get a sheet, of each of which ``sorts`` says the sort, the gravest first: the first of every
    sort, then the gravest of the others."""
    firsts = {sort: number for number, sort in reversed(list(enumerate(sorts)))}.values()
    return sorted(sorted(range(len(sorts)), key=lambda number: (number not in firsts, number))[:limit])


def _sort(event: Event) -> str:
    """What happened, as the verdict names it."""
    said = event.facts.get("verdict")
    return str(said.get("event", "")) if isinstance(said, Mapping) else ""


def request(body: HitBody) -> str:
    """What was asked for; of what came on the connection of another hit, what was done."""
    if body.get("follows") and body["trap"] != "dns":
        return f"then: {acts.line(body['observed'])}"
    return observed.request(body["observed"])


def _method(found: Survey, body: HitBody, facts: Facts) -> None:
    found.traps.add(body["trap"])
    if len(found.versions) < NETWORKS:
        found.versions.add(str(body.get("listener", {}).get("version", "")) or "not recorded")
    for value in facts.values() if len(found.data) < NETWORKS else ():
        if isinstance(value, Mapping) and value.get("source"):
            found.data.add((str(value["source"]), str(value.get("date", ""))))


def _row(event: Event, number: int, zone: tzinfo | None) -> Row:
    body = event.body
    at = body["observed_at"]
    return Row(
        number,
        event.hit.seq or 0,
        event.hit.id,
        at,
        f"{parse_rfc3339(at).astimezone(zone):%m-%d %H:%M:%S}" if zone else "",
        whence(body),
        body["source"]["ip"],
        body["canary"],
        body["facet"],
        briefing.is_credential(body["facet"]),
        mark(event.facts),
        request(body),
        body["raw_sha256"],
    )
