"""The report for people: one HTML page that loads nothing, runs nothing and prints well.

Observed, derived and assessed stand in chapters of their own. Every string from outside is made visible and escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from canaries.core.render import render
from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry
from listener.dossier.case import Case, Event
from listener.dossier.formats import Content, Format
from listener.dossier.hypotheses import HYPOTHESES
from listener.evidence import observed
from listener.incidents import rendering

ROWS = 1_000
"""Rows of the event table; all events are in the NDJSON file."""
SHEETS = 25
"""Events with a sheet of their own: the first of each canary and source, in order of arrival."""
RAW_SHOWN = 4_096
"""Bytes of a raw request that a sheet prints; all of them are in ``raw/``."""
_UNTOLD = ("canaries", "incident")
_PROVENANCE = ("source", "date")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the event table."""

    index: int
    at: str
    source: str
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
    first: str = ""
    """Time of the first event, RFC 3339."""
    last: str = ""
    """Time of the last event."""
    sources: set[str] = field(default_factory=set)
    """Addresses that connections came from, up to `ROWS` + 1: beyond that the report says "more than"."""


class Report(Format):
    """``report.html``."""

    name = "report"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        survey, story = _survey(case), case.story
        page = render(
            "dossier/report.html.j2",
            case=case,
            rows=survey.rows,
            survey=survey,
            row_limit=ROWS,
            sheets=[_sheet(case, event) for event in survey.key_events],
            timeline=_timeline(story, survey.rows),
            assessments=[entry for entry in story if entry.kind == "assessed"],
            notes=[entry for entry in story if entry.kind == "noted"],
            baits=[(bait, bait.record) for bait in case.baits],
            withheld=_withheld(case),
            hypotheses=HYPOTHESES,
        )
        yield "report.html", (page.encode(),)


def _survey(case: Case) -> _Survey:
    survey = _Survey()
    seen: set[tuple[str, str]] = set()
    for event in case.events():
        body = event.hit.body
        survey.first = min(survey.first or body["observed_at"], body["observed_at"])
        survey.last = max(survey.last, body["observed_at"])
        if len(survey.sources) <= ROWS:
            survey.sources.add(body["source"]["ip"])
        if len(survey.rows) < ROWS:
            survey.rows.append(_row(event))
        key = (body["canary"], body["source"]["ip"])
        if key not in seen and len(seen) < SHEETS:
            seen.add(key)
            survey.key_events.append(event)
    return survey


def _row(event: Event) -> Row:
    body = event.hit.body
    source = body["source"]
    request = observed.request(body["observed"])
    return Row(
        event.hit.seq or 0,
        body["observed_at"],
        _address(source),
        body["canary"],
        body["facet"],
        request,
        body["raw_sha256"],
    )


def _address(value: dict[str, Any]) -> str:
    """``203.0.113.7 port 50123``: the port always, without it a provider cannot tell its customers apart."""
    return f"{value['ip']} port {value['port'] or 'unknown'}"


def _withheld(case: Case) -> dict[str, int]:
    counts: dict[str, int] = {}
    for leaf in case.leaves():
        if leaf.status != "disclosed":
            reason = leaf.status.partition(":")[2]
            counts[reason] = counts.get(reason, 0) + 1
    return counts


def _timeline(story: tuple[Entry, ...], rows: list[Row]) -> list[tuple[str, str, str]]:
    """(time, what, who or whence), hits and story together; every word of the machine is neutral (rule 3)."""
    lines = [(entry.at, entry.kind, f"{entry.by}: {_summary(entry)}") for entry in story]
    lines += [
        (row.at, "hit", f"a connection from {row.source} used the {row.facet} of {row.canary}")
        for row in rows
    ]
    return sorted(lines)


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
    body = event.hit.body
    before, after = case.sealed_between(event.hit.seq or 0)
    derived = event.derived.body if event.derived else {}
    return Sheet(
        event=event,
        request=observed.request(body["observed"]),
        client=observed.client(body["observed"]),
        raw=None if raw is None else tuple(_dump(raw[:RAW_SHOWN])),
        raw_more=max(0, len(raw or b"") - RAW_SHOWN),
        facts=tuple(_fact(name, value) for name, value in sorted(derived.get("facts", {}).items())),
        failed=derived.get("failed", {}),
        before=before,
        after=after,
        observed=tuple((name, rendering.lines(value)) for name, value in body["observed"].items()),
    )


def _fact(name: str, value: dict[str, Any]) -> Fact:
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
