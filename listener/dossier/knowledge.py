"""Who could have known of a canary: who is on record as having had it in hand. Recorded acts, and no conclusion.

The rows are those that the verifier makes again from the disclosed entries, by its own function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canaries.ledger.entries import Entry
from listener.dossier import verify
from listener.dossier.case import Case

_MARKS = tuple(f'"how":"{how}"'.encode() for how in verify.REPORTERS)
"""What stands in the line of every hit that is somebody's word: only lines that have one are read."""


def known(case: Case) -> list[verify.KnownRow]:
    """By canary, then in the order of the log. Raises LedgerError where a record was changed."""
    recipients = {bait.id: str(bait.record.get("recipient") or "") for bait in case.baits}
    acts = [entry for entry in case.story if entry.kind in verify.KNOWN_ACTS]
    asked = {str(entry.body["hit"]) for entry in acts if entry.kind == "revealed" and entry.body.get("hit")}
    hits: dict[str, str] = {}
    reports: list[Entry] = []
    for lines in case.hit_lines():
        wanted = [hit for hit, line in lines.items() if hit in asked or any(mark in line for mark in _MARKS)]
        for entry in case.hits(wanted):
            hits[entry.id] = str(entry.body["canary"])
            if (entry.body.get("via") or {}).get("how") in verify.REPORTERS:
                reports.append(entry)
    told = sorted([*acts, *reports], key=lambda entry: entry.seq or 0)
    return verify.known_rows(recipients, hits, _as_read(told))


def _as_read(entries: list[Entry]) -> Iterator[tuple[int, dict[str, Any]]]:
    """As the verifier reads them."""
    for entry in entries:
        yield entry.seq or 0, {"entry": entry.kind, "at": entry.at, "by": entry.by, "body": entry.body}
