"""The report for people: one HTML page that loads nothing, runs nothing and prints well.

Page one answers what a reader must know and do; then come the pictures, the bait, the events and the particulars.
Observed, derived and assessed are in chapters of their own. Every string from outside is made visible and escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from canaries.core.clock import parse_rfc3339
from canaries.core.render import render
from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry
from listener.dossier import handover
from listener.dossier.case import Case
from listener.dossier.case_briefing import brief_event
from listener.dossier.case_records import Event
from listener.dossier.formats import Content, Format
from listener.dossier.formats._chapters import numbers, optional
from listener.dossier.formats._pictures import pictures_of
from listener.dossier.formats._survey import ROWS, SHEETS, Survey, request, survey
from listener.dossier.scope import COPIES
from listener.evidence import observed
from listener.evidence.derived import by_name
from listener.incidents import briefing, rendering
from listener.incidents.hypotheses import HYPOTHESES
from listener.incidents.weighing import weigh
from listener.incidents.wording import LABELS, origin, whence

RAW_SHOWN = 128
"""Bytes of a raw request that a sheet prints; all of them are in ``raw/``."""
KEPT_DAYS = 7
"""Some providers keep connection records no longer."""
TOLD_HOURS = 72
"""GDPR, article 33(1)."""
_UNTOLD = ("canaries", "incident", "links")
_PROVENANCE = ("source", "date")
_MANY = ("alerted", "alert-failed", "opened", "exported")
"""Acts that the list counts where they follow each other."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One derived thing, and of which exhibits it is true."""

    name: str
    source: str
    """Who says so, and as of which date."""
    values: tuple[tuple[str, str], ...]
    of: tuple[str, ...]
    """Exhibits."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one key event."""

    exhibit: str
    event: Event
    label: str
    """What the address is: the peer, one that a proxy named, a name server."""
    reported: bool
    """No trap saw it: the operator's application, log or mailbox told of it."""
    why: str
    """Why the hit is in its incident."""
    request: str
    client: str
    proof: str
    """What it proves of the canary's secret; empty where none was asked for."""
    raw: tuple[str, ...] | None
    """Lines of hexadecimal beside text; None where the bytes were erased."""
    raw_more: int
    """Bytes that are not printed."""
    before: Signed | None
    after: Signed
    observed: tuple[tuple[str, tuple[str, ...]], ...]
    """(name, its lines), as the trap noted them."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done, and until when."""

    until: str
    what: str


class Report(Format):
    """``report.html``."""

    name = "report"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        if case.version.brief:
            yield "report.html", _brief(case)
            return
        found, story = survey(case), tuple(entry for entry in case.story if entry.id not in case.partly)
        exhibits = {row.index: f"E-{row.number}" for row in found.rows}
        names = {bait.id: _bait_name(bait.record) for bait in case.baits}
        weighed = [(item, *weigh(item.key, found.traits), _rated(story, item.key)) for item in HYPOTHESES]
        chapters = optional(case)
        no = numbers({"pictures": found.rows, **chapters})
        page = render(
            "dossier/report.html.j2",
            case=case,
            no=no,
            **chapters,
            names=names,
            told=brief_event(case, found.key_events[0]) if found.key_events else None,
            rows=found.rows,
            survey=found,
            reach=case.reach,
            row_limit=ROWS,
            sheet_limit=SHEETS,
            moment=lambda at: briefing.moment(at, case.zone),
            pictures=pictures_of(found, names, case.zone),
            deeds=tuple(_deeds(case, found, no)),
            sheets=[_sheet(case, event, exhibits) for event in found.key_events],
            facts=_facts(found.key_events, exhibits),
            failed=_failed(found.key_events, exhibits),
            acts=_acts(tuple(entry for entry in story if entry.kind not in COPIES)),
            cited=found.called(story),
            placements=[entry for entry in story if entry.kind == "planted"],
            assessments=[entry for entry in story if entry.kind == "assessed"],
            notes=[entry for entry in story if entry.kind == "noted" and "link" not in entry.body],
            custody=[
                entry
                for entry in story
                if entry.kind == "exported" and entry.body.get("what") == handover.CUSTODY
            ],
            baits=[(bait, bait.record) for bait in case.baits],
            withheld=case.leaves.withheld,
            weighed=[item for item in weighed if any(item[1:])],
            silent=[item[0] for item in weighed if not any(item[1:])],
        )
        yield "report.html", (page.encode(),)


def _brief(case: Case) -> Iterator[bytes]:
    """For readers who are shown the events and no more."""
    events = islice(case.events(), ROWS)
    page = render(
        "dossier/report-brief.html.j2",
        case=case,
        events=enumerate(events, 1),
        row_limit=ROWS,
        moment=lambda at: briefing.moment(at, case.zone),
        whence=whence,
    )
    yield page.encode()


def _bait_name(record: dict[str, object]) -> str:
    kind, memo = str(record["kind"]).replace("-", " "), str(record["memo"] or "")
    return f"{kind} {memo}".strip()


def _deeds(case: Case, found: Survey, no: Mapping[str, int]) -> Iterator[Deed]:
    """What somebody has to do now, in the order of the dates."""
    if not found.rows:
        return
    if found.own == case.hit_count:
        yield Deed(
            "now",
            "Ask who made these uses: an operator's rule marks every one of them as the operator's own.",
        )
        return
    first, told = parse_rfc3339(found.first), [one.at for one in case.story if one.kind == "alerted"]
    aware = parse_rfc3339(min(told)) if told else None
    yield Deed(
        "now",
        "Replace what lay beside the bait, and find out who had access to that place."
        + (f" Chapter {no['known']} has who is on record." if "known" in no else ""),
    )
    if any(found.seen.values()):
        yield Deed(
            _date(case, first + timedelta(days=KEPT_DAYS)),
            "Have the networks above asked to preserve their records for the addresses, source ports and times of "
            f"chapter {no['events']}: some keep them for days only. "
            "The request is written by: trapline dossier drafts.",
        )
    yield Deed(
        _date(case, aware + timedelta(hours=TOLD_HOURS)) if aware else f"{TOLD_HOURS} hours from awareness",
        "Where personal data lay there and the GDPR applies: decide whether the supervisory authority must be told "
        "(article 33). "
        + ("The first alert went out then less 72 hours." if aware else "No alert is on record."),
    )
    yield Deed(
        "always",
        "Keep the zip as it came, and its SHA-256 apart from it. Do not discuss it over the systems that it is about.",
    )


def _date(case: Case, until: datetime) -> str:
    passed = " (passed when this was built)" if until < parse_rfc3339(case.created_at) else ""
    return f"{until:%Y-%m-%d %H:%M} UTC{passed}"


def _rated(story: tuple[Entry, ...], key: str) -> Entry | None:
    """What an operator said last of an explanation."""
    found = [entry for entry in story if entry.kind == "rated" and entry.body["hypothesis"] == key]
    return found[-1] if found else None


def _acts(story: tuple[Entry, ...]) -> list[tuple[str, str, str]]:
    """(time, what, who and particulars): what operators and the installation did; none of it is of a visitor."""
    found: list[tuple[str, str, str]] = []
    run: list[Entry] = []
    for entry in sorted(story, key=lambda entry: (entry.at, entry.seq or 0)):
        if run and (entry.kind != run[0].kind or entry.by != run[0].by):
            found.append(_run(run))
            run = []
        run.append(entry)
        if entry.kind not in _MANY:
            found.append(_run(run))
            run = []
    return [*found, _run(run)] if run else found


def _run(run: list[Entry]) -> tuple[str, str, str]:
    """One act, or several of a kind that follow each other."""
    first = run[0]
    if len(run) == 1:
        return first.at, first.kind, f"{first.by}: {_summary(first)}"
    where = ", ".join(sorted({str(entry.body["channel"]) for entry in run if entry.body.get("channel")}))
    words = f"{first.by}: {len(run)} times until {run[-1].at}" + (f", by {where}" if where else "")
    return first.at, first.kind, words


def _summary(entry: Entry) -> str:
    """What an entry says, in one line. Notes and judgements are not repeated among observations."""
    if entry.kind in ("noted", "assessed"):
        return f"see below (entry {entry.seq})"
    said = {name: value for name, value in entry.body.items() if value not in ("", None, [], {})}
    return "; ".join(
        f"{name} {rendering.phrase(value)}" for name, value in sorted(said.items()) if name not in _UNTOLD
    )


def _exhibit(event: Event, exhibits: dict[int, str]) -> str:
    return exhibits.get(event.hit.seq or 0, f"entry {event.hit.seq}")


def _sheet(case: Case, event: Event, exhibits: dict[int, str]) -> Sheet:
    raw = case.raw(event.hit.id)
    body = event.body
    before, after = case.sealed_between(event.hit.seq or 0)
    derived = event.derived.body if event.derived else {}
    return Sheet(
        exhibit=_exhibit(event, exhibits),
        event=event,
        label=LABELS[origin(body)],
        reported=origin(body) == "reported",
        why=str(derived.get("why", "")),
        request=request(body),
        client=observed.client(body["observed"]),
        proof=str(case.proof(event) or ""),
        raw=None if raw is None else tuple(_dump(raw[:RAW_SHOWN])),
        raw_more=max(0, len(raw or b"") - RAW_SHOWN),
        before=before,
        after=after,
        observed=tuple((name, rendering.lines(value)) for name, value in body["observed"].items()),
    )


def _facts(events: Iterable[Event], exhibits: dict[int, str]) -> list[Fact]:
    """What was derived from these events; what is true of several stands once."""
    found: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[str]] = {}
    for event in events:
        for name, value in by_name(event.facts):
            said = " of ".join(str(value[key]) for key in _PROVENANCE if value.get(key))
            shown = (
                rendering.named(key, item) for key, item in sorted(value.items()) if key not in _PROVENANCE
            )
            key = name, said or "unnamed source", tuple(shown)
            found.setdefault(key, []).append(_exhibit(event, exhibits))
    return [Fact(*key, tuple(of)) for key, of in sorted(found.items(), key=lambda item: item[0][0])]


def _failed(events: Iterable[Event], exhibits: dict[int, str]) -> list[tuple[str, str, str]]:
    """(fact, exhibits, reason): what could not be derived."""
    found: dict[tuple[str, str], list[str]] = {}
    for event in events:
        for name, reason in (event.derived.body.get("failed", {}) if event.derived else {}).items():
            found.setdefault((name, reason), []).append(_exhibit(event, exhibits))
    return [(name, ", ".join(of), reason) for (name, reason), of in sorted(found.items())]


def _dump(raw: bytes) -> Iterator[str]:
    """Offset, 16 bytes in hexadecimal, and what of them is printable ASCII."""
    for start in range(0, len(raw), 16):
        part = raw[start : start + 16]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        yield f"{start:06x}  {part.hex(' '):<47}  {text}"
