"""Drafts for counsel: forms filled from a case, blank where the records cannot know. They are no part of the dossier.

One template a draft, in ``templates/dossier/drafts``, found because it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canaries import __version__
from canaries.core import files, render
from canaries.core.clock import ClockReading
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.ledger.sealer import LogSealer
from listener.dossier.case import Case
from listener.dossier.case_records import CaseCanary
from listener.dossier.collect import collect, scope_of
from listener.dossier.contacts import CaseNetwork, network_used, networks
from listener.dossier.proof import sealed_hits
from listener.incidents.wording import clocks, origin, whence

_FOLDER = "dossier/drafts"
_ENDING = ".txt.j2"
_LISTED = 40


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What the records say that a form asks for."""

    hits: int
    first: str
    """RFC 3339; blank where there is no hit."""
    last: str
    clocks: str
    """How good the clock was, with counts."""
    versions: str
    """Of the programs that recorded the hits."""
    reported: int
    """Hits that no trap saw: an application or a log of the organisation told of them."""
    kept: int
    """Hits whose raw request is still there."""
    sources: tuple[tuple[str, tuple[tuple[str, str, int], ...]], ...]
    """Network to (time, where from in words, entry) of each use, without name servers, servers between and what an
    operator's rule marks as the organisation's own; the first forty."""
    more: int
    """Those that are not listed."""
    baits: tuple[tuple[CaseCanary, dict[str, Any]], ...]
    placements: tuple[Entry, ...]
    custody: tuple[Entry, ...]
    """Entries *opened* and *exported* before this."""
    networks: tuple[CaseNetwork, ...]
    """Of the sources, most uses first, with the contacts that are known."""


def names() -> list[str]:
    """Every draft there is."""
    found = (render.folder() / _FOLDER).glob(f"*{_ENDING}")
    return sorted(path.name.removesuffix(_ENDING) for path in found if not path.name.startswith("_"))


def write(home: Home, out: Path, *, incident: str | None = None, canary: str | None = None) -> list[Path]:
    """Write every draft on a case into ``out``, a folder that is made; the files come back.

    An entry *exported* names them. Raises NotFoundError, LedgerError; TraplineError where ``out`` is there.
    """
    if out.exists():
        raise TraplineError(f"{out} is already there", hint="give another name with --out")
    scope = scope_of(home, incident, canary)
    sealed_hits(home, scope)
    LogSealer(home).checkpoint()
    case = collect(home, scope)
    texts = {name: draft(case, home, name) for name in names()}
    with home.store.write() as connection:
        body = {
            "what": "drafts",
            scope.noun: scope.id,
            "files": sorted(texts),
            "canaries": sorted(scope.canaries),
        }
        home.writer.record(connection, "exported", home.now(), home.operator, body)
    out.mkdir(mode=0o700)
    made = []
    for name, text in texts.items():
        made.append(out / f"{name}.txt")
        files.create(made[-1], text.encode())
    return made


def draft(case: Case, home: Home, name: str) -> str:
    """One form, filled."""
    template = f"{_FOLDER}/{name}{_ENDING}"
    return render.render(template, case=case, facts=_facts(case), policy=_policy(home), version=__version__)


def _facts(case: Case) -> DraftFacts:
    states: list[ClockReading] = []
    times: list[str] = []
    versions: set[str] = set()
    reported = 0
    sources: list[tuple[str, str, str, int]] = []
    for event in case.events():
        body = event.body
        times.append(body["observed_at"])
        states.append(body["clock"])
        versions.add(str(body.get("listener", {}).get("version", "")) or "not recorded")
        reported += origin(body) == "reported"
        if network := network_used(event):
            sources.append((body["observed_at"], network, whence(body), event.hit.seq or 0))
    listed = sorted(sources)[:_LISTED]
    return DraftFacts(
        hits=len(times),
        first=min(times, default="____"),
        last=max(times, default="____"),
        clocks=clocks(states) or "____",
        versions=", ".join(sorted(versions)) or "____",
        reported=reported,
        kept=sum(request.content is not None for request in case.raw_requests()),
        sources=tuple(
            (name, tuple((at, said, index) for at, network, said, index in listed if network == name))
            for name in dict.fromkeys(network for _, network, _, _ in listed)
        ),
        more=max(0, len(sources) - _LISTED),
        baits=tuple((bait, bait.record) for bait in case.baits),
        placements=tuple(entry for entry in case.story if entry.kind == "planted"),
        custody=tuple(
            entry
            for entry in case.story
            if entry.kind in ("opened", "exported") and entry.id not in case.partly
        ),
        networks=tuple(networks(case.events(), case.story)[:_LISTED]),
    )


def _policy(home: Home) -> dict[str, str]:
    """What the settings say, in words."""
    settings = home.settings
    kept = settings.unrecognised
    unknown = "only counted"
    if kept.keep:
        unknown = f"kept sealed for {kept.days} days (at most {kept.limit_mb} MB), then only counted"
    return {
        "unrecognised": unknown,
        "channels": ", ".join(sorted(settings.channels)) or "nobody (no channel is set up)",
        "traps": ", ".join(sorted(settings.traps)) or "those that are on by default",
        "seal_seconds": str(settings.seal.seconds),
        "asked": ", ".join(sorted(name for name, one in settings.outside.items() if one.get("enabled"))),
    }
