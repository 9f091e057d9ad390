"""Finding canaries in a dump: which of them it holds, and so whose copy it was.

Every string of every canary is looked for in the forms of `canaries.scan.spellings`, wherever it stands. What is
found is an entry in the ledger.

Not seen: strings that were encrypted, or cut to pieces, and what stands in files that are named as not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canaries.copies import evidence, guessing
from canaries.copies.accusing import AddressCount, CopyFinding, accuse, found_rows, issued_domains
from canaries.core.errors import NotFoundError
from canaries.mint import catalogue
from canaries.scan import known, parts, places
from canaries.scan.containers import Unreadable
from canaries.scan.places import PlantedPlaces
from canaries.scan.search import Occurrence, search

if TYPE_CHECKING:
    from canaries.installation.home import Home

_LISTED = 1000
"""Findings that an entry names one by one; it counts them all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A string of a canary found in a dump; the first place of its facet in that file."""

    canary: str
    kind: str
    """Empty where the record was erased, or only an index was at hand."""
    facet: str
    recipient: str
    """Whose copy it was, where each recipient got their own; otherwise empty."""
    memo: str
    path: str
    line: int
    offset: int
    """In bytes, of the unpacked file."""
    form: str = "plain"
    """How it stands there: ``plain``, ``base64``, ``sha256`` ..."""
    weak: bool = False
    """Whether others may have the same string (a name, a telephone number); another of the same canary stands near."""
    beside: tuple[str, ...] = ()
    """Of a weak one: the facets that say whose it is only together."""
    chance: str = ""
    """Of these: at most in such a part of the rows of other people they agree by chance, ``1.5e-08``. Empty where
    nothing is known of the canary."""

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "canary": self.canary,
            "kind": self.kind,
            "facet": self.facet,
            "recipient": self.recipient,
            "memo": self.memo,
            "path": self.path,
            "line": self.line,
            "offset": self.offset,
            "form": self.form,
            "weak": self.weak,
            "beside": list(self.beside),
            "chance": self.chance,
        }


def scan(
    home: Home,
    paths: Iterable[Path],
    read: Callable[[int], object] = lambda size: None,
    *,
    misplaced: bool = False,
) -> Iterator[Finding | Unreadable | CopyFinding]:
    """Yield every canary's string in the files and folders ``paths``, each once a file, and every part not read; then,
    where copies were issued (`canaries.copies`), whose copy it is.

    ``read`` is told how many bytes more were looked at. ``misplaced``: only what stands in a file in which it was not
    planted, and could be used as it stands there; no copies are told apart. Raises LedgerError, StoreError.
    """
    paths, found, unread = list(paths), list[Finding](), 0
    domains = frozenset[str]() if misplaced else issued_domains(home)
    count = AddressCount(domains)
    index = known.current(home)
    planted = places.of_home(home, index.key) if misplaced else None
    for result in search(index, parts.without_later(paths), read, count.see if domains else None):
        if isinstance(result, Unreadable):
            unread += 1
            yield result
            continue
        if planted is not None and _in_place(planted, result):
            continue
        found.append(_finding(home, result))
        yield found[-1]
    if found:
        rows = found_rows((one.canary, one.facet, one.form) for one in found)
        copies = accuse(home, rows, count.tries) if domains else []
        _record(home, paths, found, unread, copies)
        yield from copies


def scan_with(
    index: Path,
    paths: Iterable[Path],
    read: Callable[[int], object] = lambda size: None,
    *,
    misplaced: bool = False,
) -> Iterator[Finding | Unreadable]:
    """The same without a home, by an index that was handed out. Raises ScanError."""
    from canaries.scan.index import read as read_index

    opened = read_index(index)
    planted = places.of_index(opened) if misplaced else None
    for result in search(opened, parts.without_later(paths), read):
        if isinstance(result, Unreadable):
            yield result
        elif planted is None or not _in_place(planted, result):
            yield _named(result, "", "", "")


def _in_place(planted: PlantedPlaces, seen: Occurrence) -> bool:
    """Whether it was planted there, or is a hash that nobody can use."""
    return seen.form in places.HASHED or planted.holds(seen.canary, seen.path)


def _finding(home: Home, seen: Occurrence) -> Finding:
    try:
        about = catalogue.summary(home, seen.canary)
        chance = _chance(home, seen) if seen.beside else ""
    except NotFoundError:  # erased since the index was made
        return _named(seen, "", "", "")
    return _named(seen, about.kind, about.recipient, about.memo, chance)


def _chance(home: Home, seen: Occurrence) -> str:
    canary = catalogue.find(home, seen.canary)
    bits = guessing.shared_bits(canary.row, canary.options.get("mailbox", ""), seen.beside)
    return evidence.written(-bits) if bits else ""


def _named(seen: Occurrence, kind: str, recipient: str, memo: str, chance: str = "") -> Finding:
    return Finding(
        seen.canary,
        kind,
        seen.facet,
        recipient,
        memo,
        seen.path,
        seen.line,
        seen.offset,
        seen.form,
        seen.weak,
        tuple(sorted(seen.beside)),
        chance,
    )


def _record(
    home: Home, paths: list[Path], found: list[Finding], unread: int, copies: list[CopyFinding]
) -> None:
    """That these canaries were found, where, how much was not read, and whose copy it is.

    As an entry; what concerns another edition is an entry of its own, since a case of one edition is nobody's business
    of another.
    """
    body = {"paths": [str(path) for path in paths], "found": len(found), "unread": unread}
    findings = [
        {
            "canary": one.canary,
            "facet": one.facet,
            "form": one.form,
            "path": one.path,
            "offset": one.offset,
            **({"chance": one.chance} if one.chance else {}),
        }
        for one in found[:_LISTED]
    ]
    by_edition: dict[str, list[dict[str, Any]]] = {}
    for one in copies:
        by_edition.setdefault(one.edition, []).append(one.as_dict())
    said = list(by_edition.values()) or [[]]
    bodies = [
        {**body, "findings": findings if first else [], **({"copies": part} if part else {})}
        for first, part in zip((True, *(False for _ in said[1:])), said, strict=True)
    ]
    at = home.now()
    with home.store.write() as connection:
        for one_body in bodies:
            home.writer.record(connection, "scanned", at, home.operator, one_body)
