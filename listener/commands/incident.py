"""Show one incident; write a note or an assessment; close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from canaries.core.text import counted, visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell
from listener.evidence.derived import by_name

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.incidents.model import Assessment, Hit, Incident
    from listener.incidents.parts import HitParts
    from listener.incidents.reach import TableReach

SECTION = "What was caught"

_SHOWN = 100
_INDENT = 12
"""Columns before what is said of a hit."""
_STAMP = {"source", "date"}


@click.command()
@click.argument("incident_id", metavar="ID")
@click.option("--note", metavar="TEXT", help="Write a note.")
@click.option("--assess", metavar="TEXT", help="Write an assessment, with --likelihood and --confidence.")
@click.option("--likelihood", metavar="WORD", help="almost-no-chance ... almost-certain (ICD 203).")
@click.option("--confidence", metavar="WORD", help="low, moderate or high: how good the basis is.")
@click.option("--because", default="", metavar="TEXT", help="Why the confidence is what it is.")
@click.option(
    "--alternative", "alternatives", multiple=True, metavar="TEXT", help="Another explanation weighed."
)
@click.option(
    "--assumption", "assumptions", multiple=True, metavar="TEXT", help="What the judgement takes for granted."
)
@click.option("--evidence", multiple=True, metavar="ID", help="A hit or an entry that it rests on.")
@click.option("--would-change", default="", metavar="TEXT", help="What finding would change it.")
@click.option(
    "--rate", metavar="NAME", help="Say how likely an explanation is, with --likelihood; see --hypotheses."
)
@click.option(
    "--hypotheses", is_flag=True, help="The competing explanations, and what speaks for and against each."
)
@click.option(
    "--split", multiple=True, metavar="ID", help="Move a hit, or all of a canary, to a new incident."
)
@click.option("--merge", metavar="OTHER", help="Move all hits of another incident into this one.")
@click.option("--close", "closing", is_flag=True, help="Close: a later hit opens a new incident.")
@click.option(
    "--outcome",
    type=click.Choice(["real", "test", "false-alarm", "own-scanner"]),
    help="With --close: what it turned out to be.",
)
@click.option("--reopen", "reopening", is_flag=True, help="Open it again.")
@click.option("--acknowledge", is_flag=True, help="You know: only something weightier is told from now on.")
@click.option("--snooze", default="", metavar="TIME", help="The same until then: 30m, 12h, 2d.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is closed, reopened or kept quiet.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="Hits shown, newest."
)
@json_option
@pass_session
def command(
    session: Session,
    incident_id: str,
    note: str | None,
    assess: str | None,
    likelihood: str | None,
    confidence: str | None,
    because: str,
    alternatives: tuple[str, ...],
    assumptions: tuple[str, ...],
    evidence: tuple[str, ...],
    would_change: str,
    rate: str | None,
    hypotheses: bool,
    split: tuple[str, ...],
    merge: str | None,
    closing: bool,
    outcome: str | None,
    reopening: bool,
    acknowledge: bool,
    snooze: str,
    reason: str,
    limit: int,
    as_json: bool,
) -> None:
    """Show one incident, or write into it under your name (TRAPLINE_OPERATOR, else your login).

    What was observed, what was derived and what a person assessed are shown apart. Writing is an entry in the ledger.
    """
    from listener.incidents import operator_acts, regroup

    wanted = (note is not None) + (assess is not None) + closing + reopening
    wanted += acknowledge + bool(snooze) + (rate is not None) + bool(split) + (merge is not None)
    if wanted > 1:
        raise click.UsageError(
            "give one of --note, --assess, --rate, --split, --merge, --close, --reopen, --acknowledge and --snooze"
            " at a time"
        )
    if outcome and not closing:
        raise click.UsageError("--outcome needs --close")
    home = session.home()
    if assess is not None:
        if likelihood is None or confidence is None:
            raise click.UsageError("--assess needs --likelihood and --confidence")
        entry = operator_acts.assess(
            home,
            incident_id,
            assess,
            likelihood,
            confidence,
            alternatives,
            because=because,
            assumptions=assumptions,
            evidence=evidence,
            would_change=would_change,
        )
    elif acknowledge or snooze:
        from listener.notify import quiet_incidents

        entry = quiet_incidents.keep_quiet(home, incident_id, snooze, reason)
    elif rate is not None:
        if likelihood is None:
            raise click.UsageError("--rate needs --likelihood")
        entry = operator_acts.rate(home, incident_id, rate, likelihood, because)
    elif split or merge is not None:
        _regrouped(
            regroup.split(home, incident_id, split, reason)
            if split
            else regroup.merge(home, incident_id, merge or "", reason),
            as_json,
        )
        return
    elif note is not None:
        entry = operator_acts.note(home, incident_id, note)
    elif closing:
        entry = operator_acts.close(home, incident_id, reason, outcome or "")
    elif reopening:
        entry = operator_acts.reopen(home, incident_id, reason)
    else:
        (_explanations if hypotheses else _show)(home, incident_id, limit, as_json)
        return
    say(f"written as {visible(home.operator)}: entry {entry}")
    if as_json:
        emit({"entry": entry})


def _show(home: Home, incident_id: str, limit: int, as_json: bool) -> None:
    from listener.incidents import queries
    from listener.incidents.parts import with_parts

    found = queries.incident(home, incident_id)
    hits = queries.newest(home, limit, incident=found.id)
    if as_json:
        timeline = [hit.as_dict() | parts.as_dict() for hit, parts in with_parts(home, hits)]
        reach = [one.as_dict() for one in _reaches(home, found.id)]
        emit({**found.as_dict(), "reach": reach, "timeline": timeline})
        return
    tell(f"Incident {found.id} ({found.state})")
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
    for note in found.notes:
        state = ": ".join(filter(None, (note.state, note.outcome)))
        state = f" [{visible(state)}]" if state else ""
        tell(f"\nNote{state} by {visible(note.by)}, {note.at}\n  {visible(note.text)}", indent=2)
    for judgement in found.assessments:
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


def _regrouped(into: str, as_json: bool) -> None:
    if as_json:
        emit({"incident": into})
    else:
        tell(f"the hits are now in incident {into}")


def _explanations(home: Home, incident_id: str, _limit: int, as_json: bool) -> None:
    """What speaks for and against each explanation in this incident, and what operators said of it."""
    from listener.incidents import explained, queries

    for one in explained.listing(home, queries.incident(home, incident_id)):
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
    from listener.incidents.rendering import named
    from listener.incidents.wording import clock, whence

    if found.hits > len(hits):
        tell(f"\nThe newest {len(hits)} of {found.hits} hits (--limit shows more)")
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
        for name, fact in by_name(hit.facts):
            told = (named(key, value) for key, value in fact.items() if key not in _STAMP)
            said = ", ".join(f"{key} {words}" for key, words in told)
            dated = f"{fact.get('source', '?')} {fact.get('date', '')}".strip()
            tell(
                f"  derived   {visible(name)}: {visible(said, limit=600)} [{visible(dated)}]", indent=_INDENT
            )


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
