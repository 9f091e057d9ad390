"""Links to other incidents: what operators decided, and what the opening of the dossier stated as suggested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canaries.ledger.entries import Entry
from listener.dossier.case import Case

LINKS = 20
"""Links that are printed, decided ones first, then the strongest."""
SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class CaseLink:
    """One."""

    mine: str
    """The incident of the case."""
    other: str
    standing: str
    """``confirmed``, ``rejected`` or ``suggested``."""
    centibits: int | None
    """Hundredths of a bit beyond chance, as on that day; None: nothing in common had suggested it."""
    reasons: tuple[tuple[str, int | None], ...]
    """(sentence, centibits where they are known)."""
    entry: Entry
    """What says so: *noted* or *opened*."""

    @property
    def reason(self) -> str:
        """Why an operator decided; empty where none did."""
        return str(self.entry.body.get("link", {}).get("reason", ""))


def case_links(case: Case) -> list[CaseLink]:
    """The last decision on each pair, then what is suggested and not decided; empty where there is neither."""
    decided: dict[tuple[str, str], CaseLink] = {}
    opened: Entry | None = None
    for entry in case.story:
        if entry.kind == "opened" and entry.id not in case.partly:
            opened = entry
        elif entry.kind == "noted" and isinstance(entry.body.get("link"), dict):
            link = _decided(entry, entry.body["link"])
            decided[link.mine, link.other] = link
    stated = opened.body.get("links", []) if opened else []
    suggested = [_suggested(opened, one) for one in stated if opened]
    waiting = [
        one for one in suggested if not {(one.mine, one.other), (one.other, one.mine)} & decided.keys()
    ]
    return [*decided.values(), *sorted(waiting, key=lambda one: -(one.centibits or 0))]


def _decided(entry: Entry, link: Mapping[str, Any]) -> CaseLink:
    reasons = tuple((str(sentence), None) for sentence in link.get("reasons", ()))
    mine, other = str(entry.body["incident"]), str(link["with"])
    return CaseLink(mine, other, str(link["decision"]), link.get("centibits"), reasons, entry)


def _suggested(opened: Entry, one: Mapping[str, Any]) -> CaseLink:
    reasons = tuple((str(reason["sentence"]), int(reason["centibits"])) for reason in one["reasons"])
    return CaseLink(str(one["incident"]), str(one["with"]), SUGGESTED, int(one["centibits"]), reasons, opened)
