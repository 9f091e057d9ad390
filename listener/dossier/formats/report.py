"""The report for people: one HTML page that loads nothing, runs nothing and prints well.

Observed, derived and assessed stand in chapters of their own. Every string from outside is made visible and escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from canaries.core.render import render
from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry
from listener.dossier.case import Case, Event
from listener.dossier.case_briefing import brief_event
from listener.dossier.formats import Content, Format
from listener.evidence import acts, observed
from listener.evidence.derived import by_name
from listener.evidence.shapes import HitBody
from listener.incidents import briefing, rendering
from listener.incidents.hypotheses import HYPOTHESES
from listener.incidents.weighing import Traits, weigh
from listener.incidents.wording import LABELS, origin, whence

ROWS = 1_000
"""Rows of the event table; all events are in the NDJSON file."""
SHEETS = 25
"""Events with a sheet of their own: the gravest first, one of each canary, part used and source."""
RAW_SHOWN = 1_024
"""Bytes of a raw request that a sheet prints; all of them are in ``raw/``."""
_UNTOLD = ("canaries", "incident")
_PROVENANCE = ("source", "date")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the event table."""

    index: int
    at: str
    source: str
    """Where it came from, in words that say whether that was observed or claimed."""
    canary: str
    facet: str
    request: str
    """Hostile; the template makes it visible."""
    raw_sha256: str
    """Hexadecimal: the exhibit's file name in ``raw/``."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One derived thing."""

    name: str
    source: str
    """Who says so, and as of which date."""
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one key event."""

    event: Event
    label: str
    """What the address is: the peer, one that a proxy named, a name server."""
    why: str
    """Why the hit is in its incident."""
    request: str
    client: str
    raw: tuple[str, ...] | None
    """Lines of hexadecimal beside text; None where the bytes were erased."""
    raw_more: int
    """Bytes that are not printed."""
    facts: tuple[Fact, ...]
    failed: dict[str, str]
    before: Signed | None
    after: Signed
    observed: tuple[tuple[str, tuple[str, ...]], ...]
    """(name, its lines), as the trap noted them."""


@dataclass(slots=True)
class _Survey:
    """What one pass over all events leaves in memory."""

    rows: list[Row] = field(default_factory=list)
    key_events: list[Event] = field(default_factory=list)
    """The gravest first."""
    first: str = ""
    """Time of the first event, RFC 3339."""
    last: str = ""
    """Time of the last event."""
    sources: set[str] = field(default_factory=set)
    """Peers of connections, up to `ROWS` + 1: beyond that the report says "more than"."""
    claimed: set[str] = field(default_factory=set)
    """Addresses that a proxy configured by the operator named, likewise bounded."""
    reported: set[str] = field(default_factory=set)
    """Addresses that the operator's own applications reported, likewise bounded."""
    resolvers: set[str] = field(default_factory=set)
    """Resolvers that looked a name up for somebody, likewise bounded."""
    relays: set[str] = field(default_factory=set)
    """Mail servers that delivered for somebody, likewise bounded."""
    clocks: dict[str, int] = field(default_factory=dict)
    """Events by the state of the clock: ``ntp``, ``free`` ..."""
    traits: Traits = field(default_factory=Traits)
    severities: dict[str, int] = field(default_factory=dict)
    """Events by their severity."""


class Report(Format):
    """``report.html``."""

    name = "report"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        survey, story = _survey(case), case.story
        page = render(
            "dossier/report.html.j2",
            case=case,
            told=brief_event(case, survey.key_events[0]) if survey.key_events else None,
            rows=survey.rows,
            survey=survey,
            row_limit=ROWS,
            sheets=[_sheet(case, event) for event in survey.key_events],
            timeline=_timeline(survey.rows),
            acts=_acts(story),
            placements=[entry for entry in story if entry.kind == "planted"],
            assessments=[entry for entry in story if entry.kind == "assessed"],
            notes=[entry for entry in story if entry.kind == "noted"],
            baits=[(bait, bait.record) for bait in case.baits],
            withheld=_withheld(case),
            hypotheses=[
                (item, *weigh(item.key, survey.traits), _rated(story, item.key)) for item in HYPOTHESES
            ],
        )
        yield "report.html", (page.encode(),)


def _survey(case: Case) -> _Survey:
    survey = _Survey()
    strongest: dict[tuple[str, str, str], tuple[int, str, Event]] = {}
    for event in case.events():
        body = event.body
        survey.first = min(survey.first or body["observed_at"], body["observed_at"])
        survey.last = max(survey.last, body["observed_at"])
        seen = {
            "observed": survey.sources,
            "claimed": survey.claimed,
            "reported": survey.reported,
            "resolver": survey.resolvers,
            "relay": survey.relays,
        }[origin(body)]
        if len(seen) <= ROWS:
            seen.add(body["source"]["ip"])
        survey.traits.see(body, event.facts)
        clock = str(body["clock"].get("source") or "unknown")
        survey.clocks[clock] = survey.clocks.get(clock, 0) + 1
        severity = _severity(event)
        survey.severities[severity] = survey.severities.get(severity, 0) + 1
        if len(survey.rows) < ROWS:
            survey.rows.append(_row(event))
        key = (body["canary"], body["facet"], body["source"]["ip"])
        rank = (-briefing.weight(body["facet"], event.facts), body["observed_at"], event)
        if key not in strongest or rank[:2] < strongest[key][:2]:
            strongest[key] = rank
        if len(strongest) > 8 * SHEETS:  # bounded, whatever a scanner sends: the gravest stay
            strongest = dict(sorted(strongest.items(), key=lambda item: item[1][:2])[: 4 * SHEETS])
    survey.rows.sort(key=lambda row: (row.at, row.index))
    best = sorted(strongest.values(), key=lambda rank: rank[:2])[:SHEETS]
    survey.key_events = [event for _, _, event in best]
    return survey


def _severity(event: Event) -> str:
    """As every list and alert says it."""
    return briefing.severity(event.body["facet"], event.facts)


def _rated(story: tuple[Entry, ...], key: str) -> Entry | None:
    """What an operator said last of an explanation."""
    found = [entry for entry in story if entry.kind == "rated" and entry.body["hypothesis"] == key]
    return found[-1] if found else None


def _request(body: HitBody) -> str:
    """What was asked for; of what came on the connection of another hit, what was done."""
    if body.get("follows") and body["trap"] != "dns":
        return f"then: {acts.line(body['observed'])}"
    return observed.request(body["observed"])


def _row(event: Event) -> Row:
    body = event.body
    request = _request(body)
    return Row(
        event.hit.seq or 0,
        body["observed_at"],
        whence(body),
        body["canary"],
        body["facet"],
        request,
        body["raw_sha256"],
    )


def _withheld(case: Case) -> dict[str, int]:
    counts: dict[str, int] = {}
    for leaf in case.leaves():
        if leaf.status != "disclosed":
            reason = leaf.status.partition(":")[2]
            counts[reason] = counts.get(reason, 0) + 1
    return counts


def _timeline(rows: list[Row]) -> list[tuple[str, int, str]]:
    """(time, entry, what was observed): every word is neutral."""
    return [
        (row.at, row.index, f"the {row.facet} of {row.canary} was used from {row.source}") for row in rows
    ]


def _acts(story: tuple[Entry, ...]) -> list[tuple[str, str, str]]:
    """(time, what, who and particulars): what operators and the installation did; none of it is of a visitor."""
    return sorted((entry.at, entry.kind, f"{entry.by}: {_summary(entry)}") for entry in story)


def _summary(entry: Entry) -> str:
    """What an entry says, in one line. Notes and judgements are not repeated among observations."""
    if entry.kind in ("noted", "assessed"):
        return f"see chapter 6 (entry {entry.seq})"
    said = {name: value for name, value in entry.body.items() if value not in ("", None, [], {})}
    return "; ".join(
        f"{name} {rendering.phrase(value)}" for name, value in sorted(said.items()) if name not in _UNTOLD
    )


def _sheet(case: Case, event: Event) -> Sheet:
    raw = case.raw(event.hit.id)
    body = event.body
    before, after = case.sealed_between(event.hit.seq or 0)
    derived = event.derived.body if event.derived else {}
    return Sheet(
        event=event,
        label=LABELS[origin(body)],
        why=str(derived.get("why", "")),
        request=_request(body),
        client=observed.client(body["observed"]),
        raw=None if raw is None else tuple(_dump(raw[:RAW_SHOWN])),
        raw_more=max(0, len(raw or b"") - RAW_SHOWN),
        facts=tuple(_fact(name, value) for name, value in by_name(event.facts)),
        failed=derived.get("failed", {}),
        before=before,
        after=after,
        observed=tuple((name, rendering.lines(value)) for name, value in body["observed"].items()),
    )


def _fact(name: str, value: dict[str, object]) -> Fact:
    said = " of ".join(str(value[key]) for key in _PROVENANCE if value.get(key))
    values = tuple(
        rendering.named(key, item) for key, item in sorted(value.items()) if key not in _PROVENANCE
    )
    return Fact(name, said or "unnamed source", values)


def _dump(raw: bytes) -> Iterator[str]:
    """Offset, 16 bytes in hexadecimal, and what of them is printable ASCII."""
    for start in range(0, len(raw), 16):
        part = raw[start : start + 16]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        yield f"{start:06x}  {part.hex(' '):<47}  {text}"
