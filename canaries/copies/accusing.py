"""Whose copy a leak is: what was found of each edition, with the exact chance that an uninvolved copy agrees so well.

A copy is named where that chance, over all recipients together, is below `canaries.copies.sizes.ERROR`. What is shown
is whose copy it was, not who passed it on, and not how it left them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from canaries.copies import evidence, guessing
from canaries.copies.editions import Edition, IssuedCopy, editions
from canaries.copies.sizes import ERROR
from canaries.core.errors import NotFoundError
from canaries.core.text import counted
from canaries.mint import catalogue

if TYPE_CHECKING:
    from canaries.installation.home import Home

_NAMED = math.log2(ERROR)


@dataclass(frozen=True, slots=True)
class LeakTries:
    """How many guesses a leak had at a row: what a chance agreement is measured against."""

    addresses: int
    """Addresses at the operator's own domains in it, bait among them. One that is another copy's row is no guess."""
    places: int
    """Bytes that were looked at: more strings than that begin nowhere."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A canary that was found in a leak."""

    canary: str
    facets: frozenset[str]
    plain: frozenset[str]
    """Of these, those that stand there unencoded."""


@dataclass(frozen=True, slots=True)
class RowWorth:
    """What a row that was found is worth, in bits."""

    address: float
    """Of its address as it stands there, before guesses are taken off; 0 where it does not."""
    anywhere: float
    """Of all that was found of it, wherever and encoded in whatever way that stood."""

    def surprise(self, guesses: int) -> float:
        """-log2 of the chance that so many guesses, or any string of the leak, hit the row."""
        return max(0.0, self.anywhere, self.address - math.log2(max(1, guesses)))


@dataclass(frozen=True, slots=True)
class CopyFinding:
    """What a leak says of one copy, or of the pair that alone has some rows."""

    edition: str
    name: str
    """Of the edition."""
    issued_at: str
    recipients: tuple[str, ...]
    """One, or two who alone have these rows."""
    method: str
    """``private``, ``pair`` or ``coin``."""
    agreed: int
    """Rows of the leak that are in the copy."""
    found: int
    """Rows of the leak that could have been: of coin rows those of the edition, else as ``agreed``."""
    chance: str
    """An upper bound: ``3.1e-10``; over all recipients of the edition together."""
    named: bool
    """Whether that is below one in a million."""
    withdrawn: str
    """When the copy was withdrawn, or empty."""
    sentence: str
    """What a dossier may state."""

    def as_dict(self) -> dict[str, Any]:
        """For ``--json`` and entries."""
        return {
            "edition": self.edition,
            "name": self.name,
            "issued_at": self.issued_at,
            "recipients": list(self.recipients),
            "method": self.method,
            "agreed": self.agreed,
            "found": self.found,
            "chance": self.chance,
            "named": self.named,
            "withdrawn": self.withdrawn,
            "sentence": self.sentence,
        }


def issued_domains(home: Home) -> frozenset[str]:
    """The operator's own domains in all editions, as they were then; none where nothing was issued."""
    with home.store.read() as connection:
        issued = [one.body for one in home.reader.entries(connection, "issued")]
    own = {home.settings.bait.domain, *home.settings.bait.mail_domains} if issued else set[str]()
    return frozenset(own.union(*(body["domains"] for body in issued)))


def accuse(home: Home, seen: Iterable[FoundRow], tries: LeakTries) -> list[CopyFinding]:
    """What the rows found say, by edition, the named first. Raises LedgerError, StoreError."""
    by_id = {one.canary: one for one in seen}
    if not by_id:
        return []
    said: list[CopyFinding] = []
    for edition in editions(home):
        mine = {
            canary
            for copy in edition.copies
            for canary in (*copy.private, *(one for one, _ in copy.pairs))
            if canary in by_id
        } | (by_id.keys() & set(edition.coin_rows))
        if mine:
            rows = {canary: worth(home, by_id[canary], tries) for canary in mine}
            said += accuse_edition(edition, rows, tries)
    return sorted(said, key=lambda one: not one.named)


def worth(home: Home, row: FoundRow, tries: LeakTries) -> RowWorth:
    """Of one row; nothing where it was erased since."""
    try:
        canary = catalogue.find(home, row.canary)
    except NotFoundError:
        return RowWorth(0.0, 0.0)
    address = guessing.row_bits(canary, {"email"}) if "email" in row.plain else 0.0
    return RowWorth(address, guessing.row_bits(canary, row.facets) - math.log2(max(2, tries.places)))


def accuse_edition(edition: Edition, rows: Mapping[str, RowWorth], tries: LeakTries) -> list[CopyFinding]:
    """The same for one edition; ``rows``: what each canary found is worth."""
    strangers = max(0, tries.addresses - sum(one.address > 0 for one in rows.values()))

    def surprises(canaries: Iterable[str]) -> list[float]:
        """Of the rows of one copy or pair: if it has no part in the leak, they are guesses, and so are strangers."""
        mine = [rows[canary] for canary in canaries if canary in rows]
        return [one.surprise(strangers + len(mine)) for one in mine]

    found: list[CopyFinding] = []
    coins = [bit for bit, canary in enumerate(edition.coin_rows) if canary in rows]
    mask = sum(1 << bit for bit in coins)
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    count = len(edition.copies)
    ways = 1 + bool(edition.pair) + bool(edition.coin_rows)  # of being named: each is another chance to err
    sets = ways * (count + (count * (count - 1) // 2 if edition.pair else 0))
    for copy in edition.copies:
        if private := surprises(copy.private):
            bound = evidence.private_bound(private, len(copy.private), sets)
            found.append(_finding(edition, (copy,), "private", len(private), len(private), bound, strangers))
        for canary, other in copy.pairs:
            if canary in rows:
                pairs[min(copy.number, other), max(copy.number, other)].add(canary)
        agreed = (copy.coins & mask).bit_count()
        if coins and (bound := evidence.coin_tail(len(coins), agreed, ways * count)) < _NAMED:
            found.append(_finding(edition, (copy,), "coin", agreed, len(coins), bound, strangers))
    by_number = {copy.number: copy for copy in edition.copies}
    for (one, other), canaries in sorted(pairs.items()):
        bound = evidence.private_bound(surprises(canaries), edition.pair, sets)
        two = (by_number[one], by_number[other])
        found.append(_finding(edition, two, "pair", len(canaries), len(canaries), bound, strangers))
    if coins and not any(one.method == "coin" for one in found):
        closest = max(edition.copies, key=lambda copy: (copy.coins & mask).bit_count())
        agreed = (closest.coins & mask).bit_count()
        bound = evidence.coin_tail(len(coins), agreed, ways * count)
        found.append(_finding(edition, (closest,), "coin", agreed, len(coins), bound, strangers))
    return _without_shadowed(found)


def _without_shadowed(found: list[CopyFinding]) -> list[CopyFinding]:
    """A pair of whom one is named by rows of their own says nothing more: every copy has rows of its pairs."""
    alone = {one.recipients[0] for one in found if one.named and one.method == "private"}
    return [one for one in found if one.method != "pair" or not alone & set(one.recipients)]


def _finding(
    edition: Edition,
    copies: tuple[IssuedCopy, ...],
    method: str,
    agreed: int,
    found: int,
    bound: float,
    strangers: int,
) -> CopyFinding:
    names = tuple(copy.recipient for copy in copies)
    chance, named = evidence.written(bound), bound < _NAMED
    withdrawn = next((copy.withdrawn for copy in copies if copy.withdrawn), "")
    return CopyFinding(
        edition.id,
        edition.name,
        edition.at,
        names,
        method,
        agreed,
        found,
        chance,
        named,
        withdrawn,
        _sentence(edition, names, method, agreed, found, chance, named=named, strangers=strangers),
    )


def _sentence(
    edition: Edition,
    names: tuple[str, ...],
    method: str,
    agreed: int,
    found: int,
    chance: str,
    *,
    named: bool,
    strangers: int,
) -> str:
    who, day, total = " and ".join(names), edition.at[:10], len(edition.copies)
    of = f"edition {edition.id}, committed to in the ledger on {day}"
    match method:
        case "private":
            rows = counted(agreed, "mark")
            what = f"The sample holds {rows} of the copy issued to {who} and to nobody else ({of})."
        case "pair":
            rows = counted(agreed, "mark")
            what = (
                f"The sample holds {rows} of the copies issued to {who}, which no third copy has ({of}): it comes from "
                "one of the two, or from both put together."
            )
        case _:
            what = (
                f"Of {counted(found, 'mark')} in the sample that each copy had or had not by a fair coin, the copy "
                f"issued to {who} has {agreed} ({of})."
            )
    others = counted(strangers, "address", "addresses")
    guesses = (
        ""
        if method == "coin"
        else f", with {others} of the issuer's domains in the sample that are in no copy"
    )
    how = (
        f"The chance that any of the {total} recipients agrees so well whose copy has no part in it is at most "
        f"{chance}{guesses}."
    )
    if not named:
        return f"{what} {how} That is not enough to name a copy."
    return f"{what} {how} This shows whose copy it is, not who passed it on or how it left them."


def found_rows(seen: Iterable[tuple[str, str, str]]) -> list[FoundRow]:
    """Rows by (canary, facet, form) of what was found."""
    facets: dict[str, set[str]] = defaultdict(set)
    plain: dict[str, set[str]] = defaultdict(set)
    for canary, facet, form in seen:
        facets[canary].add(facet)
        if form == "plain":
            plain[canary].add(facet)
    return [FoundRow(canary, frozenset(names), frozenset(plain[canary])) for canary, names in facets.items()]


class AddressCount:
    """Counts addresses at some domains in bytes that come in pieces."""

    def __init__(self, domains: Set[str]) -> None:
        self._marks = [f"@{domain.lower()}".encode() for domain in domains if domain]
        self.places = 0
        self._found: Counter[bytes] = Counter()

    def see(self, content: bytes) -> None:
        """The next bytes, with what they repeat of the last: a count too high is no error in anybody's disfavour."""
        self.places += len(content)
        if self._marks:
            folded = content.lower()
            for mark in self._marks:
                self._found[mark] += folded.count(mark)

    @property
    def tries(self) -> LeakTries:
        """So far."""
        return LeakTries(sum(self._found.values()), self.places)
