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
    """Addresses at the operator's own domains in it, bait among them."""
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


def accuse(home: Home, rows: Iterable[FoundRow], tries: LeakTries) -> list[CopyFinding]:
    """What the rows found say, by edition, the named first. Raises LedgerError, StoreError."""
    by_id = {one.canary: one for one in rows}
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
            surprises = {canary: surprise(home, by_id[canary], tries) for canary in mine}
            said += accuse_edition(edition, surprises, tries)
    return sorted(said, key=lambda one: not one.named)


def surprise(home: Home, row: FoundRow, tries: LeakTries) -> float:
    """-log2 of the chance that this row is in the leak by a guess; 0 where nothing is known of it."""
    try:
        canary = catalogue.find(home, row.canary)
    except NotFoundError:  # erased since
        return 0.0
    places = math.log2(max(2, tries.places))
    encoded = guessing.row_bits(canary, row.facets) - places
    if "email" not in row.plain:
        return max(0.0, encoded)
    return max(0.0, encoded, guessing.row_bits(canary, {"email"}) - math.log2(max(1, tries.addresses)))


def accuse_edition(
    edition: Edition, surprises: Mapping[str, float], tries: LeakTries | None = None
) -> list[CopyFinding]:
    """The same for one edition; ``surprises``: -log2 of the chance of a guess, by canary found."""
    found: list[CopyFinding] = []
    coins = [bit for bit, canary in enumerate(edition.coin_rows) if canary in surprises]
    mask = sum(1 << bit for bit in coins)
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    count = len(edition.copies)
    ways = 1 + bool(edition.pair) + bool(edition.coin_rows)  # of being named: each is another chance to err
    sets = ways * (count + (count * (count - 1) // 2 if edition.pair else 0))
    for copy in edition.copies:
        private = [surprises[one] for one in copy.private if one in surprises]
        if private:
            bound = evidence.private_bound(private, max(len(copy.private), 1), sets)
            found.append(_finding(edition, (copy,), "private", len(private), len(private), bound, tries))
        for canary, other in copy.pairs:
            if canary in surprises:
                pairs[min(copy.number, other), max(copy.number, other)].add(canary)
        agreed = (copy.coins & mask).bit_count()
        if coins and (bound := evidence.coin_tail(len(coins), agreed, ways * count)) < _NAMED:
            found.append(_finding(edition, (copy,), "coin", agreed, len(coins), bound, tries))
    by_number = {copy.number: copy for copy in edition.copies}
    for (one, other), canaries in sorted(pairs.items()):
        bound = evidence.private_bound([surprises[canary] for canary in canaries], edition.pair, sets)
        two = (by_number[one], by_number[other])
        found.append(_finding(edition, two, "pair", len(canaries), len(canaries), bound, tries))
    if coins and not any(one.method == "coin" for one in found):
        closest = max(edition.copies, key=lambda copy: (copy.coins & mask).bit_count())
        agreed = (closest.coins & mask).bit_count()
        bound = evidence.coin_tail(len(coins), agreed, ways * count)
        found.append(_finding(edition, (closest,), "coin", agreed, len(coins), bound, tries))
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
    tries: LeakTries | None,
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
        _sentence(edition, names, method, agreed, found, chance, named=named, tries=tries),
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
    tries: LeakTries | None,
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
    guesses = "" if tries is None or method == "coin" else f", with {_tried(tries)}"
    how = (
        f"The chance that any of the {total} recipients agrees so well whose copy has no part in it is at most "
        f"{chance}{guesses}."
    )
    if not named:
        return f"{what} {how} That is not enough to name a copy."
    return f"{what} {how} This shows whose copy it is, not who passed it on or how it left them."


def _tried(tries: LeakTries) -> str:
    return f"{counted(tries.addresses, 'address', 'addresses')} of the issuer's domains in the sample"


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
