"""One incident for people: what was observed, what was derived and what a person assessed, apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from canaries.core.text import counted, visible
from canaries.installation.session import emit, tell
from listener.evidence.derived import by_name

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.installation.home import Home
    from listener.incidents.model import Assessment, Hit, Incident, OperatorNote
    from listener.incidents.parts import HitParts
    from listener.incidents.reach import TableReach

_INDENT = 12
"""Columns before what is said of a hit."""
_STAMP = {"source", "date"}


def show(home: Home, incident_id: str, limit: int, as_json: bool) -> None:
    from listener.incidents import queries
    from listener.incidents.parts import with_parts

    found = queries.incident(home, incident_id)
    hits = queries.newest(home, limit, incident=found.id)
    if as_json:
        timeline = [hit.as_dict() | parts.as_dict() for hit, parts in with_parts(home, hits)]
        reach = [one.as_dict() for one in _reaches(home, found.id)]
        emit({**found.as_dict(), "reach": reach, "timeline": timeline})
        return
    _head(found.id, found.state, found.assignee)
    shown = list(with_parts(home, hits))
    _brief(home, shown)
    tell(f"  first hit {found.opened_at}, last hit {found.last_at}, {found.hits} in all", indent=2)
    tell(f"  canaries: {', '.join(found.canaries)}", indent=4)
    for one in _reaches(home, found.id):
        tell(f"  {visible(one.sentence)}", indent=4)
    for link in found.see_also:
        tell(f"  see also {link.incident}: {link.why}", indent=4)
    tell(f"  what else may be the same actor's: trapline links {found.id}")
    _timeline(found, shown)
    _written(found.notes, found.assessments)


def show_remote(api: ApiClient, beginning: str, limit: int, as_json: bool) -> None:
    """The same by the API, without what only the keys tell."""
    from itertools import islice

    from listener.incidents.model import Assessment, OperatorNote

    found = api.incident_called(beginning)
    hits = list(islice(api.hits(incident=found.id), limit))[::-1]
    if as_json:
        emit({**found.said, "timeline": [hit.said for hit in hits]})
        return
    _head(found.id, found.state, found.assignee)
    tell(f"  first hit {found.opened_at}, last hit {found.last_at}, {found.hits} in all", indent=2)
    tell(f"  canaries: {', '.join(found.canaries)}", indent=4)
    _behind(found.id, found.hits, len(hits))
    for hit in hits:
        tell(f"\n{hit.observed_at}  hit {hit.id}", indent=_INDENT)
        used = f"{hit.facet} of {hit.kind} {hit.canary} through {hit.trap}"
        tell(f"  observed  {visible(used)}, from {visible(hit.ip)} port {hit.port}", indent=_INDENT)
        tell(f"            {visible(str(hit.said.get('request', '')), limit=200)}", indent=_INDENT)
        _facts(hit.facts)
    _written(
        [OperatorNote(**one) for one in found.said["notes"]],
        [Assessment(**one) for one in found.said["assessments"]],
    )


def _head(name: str, state: str, assignee: str) -> None:
    tell(f"Incident {name} ({state})" + (f", with {visible(assignee)}" if assignee else ""))


def _behind(name: str, hits: int, shown: int) -> None:
    if hits > shown:
        tell(f"\nThe newest {shown} of {hits} hits (--limit shows more)")


def _written(notes: Sequence[OperatorNote], assessments: Sequence[Assessment]) -> None:
    """What people wrote."""
    for note in notes:
        to = note.assigned and f"assigned to {'nobody' if note.assigned == '-' else note.assigned}"
        state = ": ".join(filter(None, (note.state, note.outcome, to)))
        state = f" [{visible(state)}]" if state else ""
        tell(f"\nNote{state} by {visible(note.by)}, {note.at}\n  {visible(note.text)}", indent=2)
    for judgement in assessments:
        _judgement(judgement)


def _reaches(home: Home, incident_id: str) -> list[TableReach]:
    """How much of each table was read."""
    from canaries.crypto.sealed_box import Locker
    from listener.incidents.reach import reaches

    with home.store.read() as connection:
        return reaches(connection, Locker(home.keys.alerts), incident_id)


def _brief(home: Home, shown: list[tuple[Hit, HitParts]]) -> None:
    """What its alert said, of the weightiest hit that is shown."""
    from listener.incidents.hit_briefing import brief_hit, weightiest, words_of

    gravest = weightiest(hit for hit, _ in shown)
    if gravest is None:
        return
    acts = next(parts.then for hit, parts in shown if hit.id == gravest.id)
    told = brief_hit(gravest, words_of(home, gravest), acts=acts, zone=home.settings.operator.timezone)
    tell(f"  {visible(told.headline)}", indent=4)
    for label, answer in told.lines:
        tell(f"  {label:12}  {visible(answer, limit=400)}", indent=16)


def explanations(found: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """What speaks for and against each explanation, and what operators said of it."""
    for one in found:
        if as_json:
            emit(one)
            continue
        tell(f"\n{one['hypothesis']}: {one['explanation']}", indent=2)
        for word in ("for", "against"):
            for line in one[word]:
                tell(f"  {word:8} {line}", indent=11)
        if said := one["rated"]:
            judged = (
                f"{said['likelihood']} ({said['band']}) by {visible(said['by'])}: {visible(said['because'])}"
            )
            tell(f"  rated    {judged}", indent=11)


def _timeline(found: Incident, hits: list[tuple[Hit, HitParts]]) -> None:
    from listener.incidents.wording import clock, whence

    _behind(found.id, found.hits, len(hits))
    for hit, parts in hits:
        tell(f"\n{hit.observed_at}  hit {hit.id}  ({clock(hit.body.get('clock'))})", indent=_INDENT)
        used = f"{hit.facet} of {hit.kind} {hit.canary} through {hit.trap}"
        tell(f"  observed  {visible(used)}, from {visible(whence(hit.body))}", indent=_INDENT)
        did = f"{visible(hit.did, limit=200)}  {visible(hit.client, limit=200)}"
        tell(f"            {did}".rstrip(), indent=_INDENT)
        if parts.proof:
            tell(f"  proof     {visible(str(parts.proof))}", indent=_INDENT)
        if hit.why:
            tell(f"  grouped   {hit.why}", indent=_INDENT)
        for act in parts.acts:
            tell(f"  then      {act.observed_at}  {visible(act.did, limit=200)}", indent=_INDENT)
        if parts.more_acts:
            tell(f"  then      {parts.more_acts} more (hits --acts shows each)")
        if parts.lookups:
            tell(f"            its name was looked up {counted(parts.lookups, 'time')} beside it")
        _facts(hit.facts)


def _facts(facts: Any) -> None:
    """What was derived, by source."""
    from listener.incidents.rendering import named

    for name, fact in by_name(facts):
        told = (named(key, value) for key, value in fact.items() if key not in _STAMP)
        said = ", ".join(f"{key} {words}" for key, words in told)
        dated = f"{fact.get('source', '?')} {fact.get('date', '')}".strip()
        tell(f"  derived   {visible(name)}: {visible(said, limit=600)} [{visible(dated)}]", indent=_INDENT)


def _judgement(said: Assessment) -> None:
    tell(f"\nAssessed by {visible(said.by)}, {said.at}\n  {visible(said.statement)}", indent=2)
    tell(f"  This is judged {said.likelihood.replace('-', ' ')} ({said.band}).")
    because = f": {visible(said.because)}" if said.because else "."
    tell(f"  Confidence in this judgement is {said.confidence}{because}", indent=2)
    for noun, texts in (
        ("alternative", said.alternatives),
        ("assumption", said.assumptions),
        ("evidence", said.evidence),
        ("would change it", (said.would_change,)),
    ):
        for text in filter(None, texts):
            tell(f"  {noun}: {visible(text)}", indent=4)
