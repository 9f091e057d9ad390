"""Whose copy: the editions that canaries of the case are of, who was issued which, and what scans of a leak said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from canaries.ledger.entries import Entry
from listener.dossier import verify
from listener.dossier.case import Case

RECIPIENTS = 40
"""Copies of an edition that are listed."""


@dataclass(frozen=True, slots=True)
class IssuedTo:
    """One recipient's copy, which has canaries of the case."""

    recipient: str
    alone: tuple[str, ...]
    """Canaries of the case that are in this copy and no other."""
    shared: tuple[str, ...]
    """Those that are in it and one other."""
    entry: Entry
    """*copied*: committed before there was a copy."""
    delivered: tuple[str, ...]
    withdrawn: str


@dataclass(frozen=True, slots=True)
class CopyChapter:
    """One edition."""

    issued: Entry
    copies: tuple[IssuedTo, ...]
    coin: tuple[str, ...]
    """Canaries of the case that each copy of the edition has or has not."""
    findings: tuple[tuple[Entry, dict[str, Any]], ...]
    """(*scanned* entry, what it says of a copy of this edition), oldest first."""


def copy_chapters(case: Case) -> list[CopyChapter]:
    """By edition, oldest first; empty where no canary of the case was issued in copies."""
    return [_chapter(case, issued) for issued in case.story if issued.kind == "issued"]


def named(chapters: list[CopyChapter]) -> list[dict[str, Any]]:
    """The findings that name a copy, each once: what page one says."""
    said = {str(one["sentence"]): one for chapter in chapters for _, one in chapter.findings if one["named"]}
    return list(said.values())


def _chapter(case: Case, issued: Entry) -> CopyChapter:
    own = {bait.id for bait in case.baits}
    mine = [entry for entry in case.story if entry.body.get("edition") == issued.body["edition"]]
    return CopyChapter(
        issued,
        tuple(_issued_to(entry, mine, own) for entry in mine if entry.kind == "copied"),
        tuple(canary for canary in issued.body["coin_rows"] if canary in own),
        tuple(_findings(case, str(issued.body["edition"]))),
    )


def _issued_to(copied: Entry, mine: list[Entry], own: set[str]) -> IssuedTo:
    later = [entry for entry in mine if entry.body.get("copy") == copied.body["copy"]]
    alone = own.intersection(copied.body["private"])
    return IssuedTo(
        str(copied.body["recipient"]),
        tuple(sorted(alone)),
        tuple(sorted((own & verify.copied_canaries(copied.body)) - alone)),
        copied,
        tuple(entry.at for entry in later if entry.kind == "delivered"),
        next((entry.at for entry in later if entry.kind == "withdrawn"), ""),
    )


def _findings(case: Case, edition: str) -> Iterator[tuple[Entry, dict[str, Any]]]:
    for entry in case.story:
        for one in entry.body.get("copies", ()) if entry.kind == "scanned" else ():
            if one["edition"] == edition:
                yield entry, one
