"""The report's chapters: which there are, their numbers, and who could have known, a table for each canary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from listener.dossier import verify
from listener.dossier.case import Case
from listener.dossier.formats._copies import RECIPIENTS, copy_chapters, named
from listener.dossier.formats._links import LINKS, case_links
from listener.dossier.knowledge import known

_ORDER = (
    *("bait", "pictures", "events", "sheets", "known", "copies", "derived", "acts", "explanations", "links"),
    *("limits", "exhibits", "log", "checking", "made", "words"),
)
_OPTIONAL = frozenset({"pictures", "known", "copies", "links"})
"""Chapters that are left out where they have nothing to say."""
CANARIES = 8
"""Canaries with a table of who could have known them; the file has all."""
_ACTS, _REPORTS = 24, 6
"""Rows of a table that are acts, and that are the word of an application or a log."""


@dataclass(frozen=True, slots=True)
class KnownCanary:
    """Who is on record as having had one canary in hand."""

    id: str
    rows: tuple[verify.KnownRow, ...]
    """Of the file's rows those that are printed, in the order of the log."""
    more: int
    """Rows that are not printed."""


def numbers(content: Mapping[str, object]) -> dict[str, int]:
    """The number of each chapter; ``content`` is that of the optional ones."""
    there = [name for name in _ORDER if name not in _OPTIONAL or content.get(name)]
    return {name: number for number, name in enumerate(there, 1)}


def optional(case: Case) -> dict[str, object]:
    """What the optional chapters say, and how much of it they print. Raises LedgerError."""
    copies = copy_chapters(case)
    return {
        "known": known_canaries(case),
        "known_limit": CANARIES,
        "copies": copies,
        "copy_limit": RECIPIENTS,
        "named": named(copies),
        "links": case_links(case),
        "link_limit": LINKS,
    }


def known_canaries(case: Case) -> list[KnownCanary]:
    """By canary. Raises LedgerError where a record was changed."""
    return [_printed(canary, list(rows)) for canary, rows in groupby(known(case), key=lambda row: row[0])]


def _printed(canary: str, rows: Sequence[verify.KnownRow]) -> KnownCanary:
    reports = [row for row in rows if row[3] in verify.REPORTERS.values()]
    acts = [row for row in rows if row[3] not in verify.REPORTERS.values()]
    shown = sorted([*acts[:_ACTS], *reports[:_REPORTS]], key=lambda row: row[2])
    return KnownCanary(canary, tuple(shown), len(rows) - len(shown))
