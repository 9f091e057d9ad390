"""Drafts for counsel: forms filled from a case, blank where the records cannot know. They are no part of the dossier.

One template a draft, in ``templates/dossier/drafts``, found because it is there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canaries import __version__
from canaries.core import files, render
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.ledger.sealer import LogSealer
from listener.dossier.case import Case
from listener.dossier.case_records import CaseCanary
from listener.dossier.collect import collect, scope_of
from listener.dossier.contacts import CaseNetwork, networks
from listener.dossier.proof import sealed_hits
from listener.incidents.wording import clock, origin, whence

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
    sources: tuple[tuple[str, str, int], ...]
    """(time, where from in words, entry), without name servers and servers between; the first forty."""
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
    clocks: Counter[str] = Counter()
    times: list[str] = []
    sources: list[tuple[str, str, int]] = []
    for event in case.events():
        body = event.body
        times.append(body["observed_at"])
        clocks[clock(body["clock"])] += 1
        if origin(body) in ("observed", "claimed"):
            sources.append((body["observed_at"], whence(body), event.hit.seq or 0))
    sources.sort()
    return DraftFacts(
        hits=len(times),
        first=min(times, default="____"),
        last=max(times, default="____"),
        clocks="; ".join(f"{said} ({count})" for said, count in sorted(clocks.items())) or "____",
        sources=tuple(sources[:_LISTED]),
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
    }
