"""How alike two incidents are, and whether that is worth telling: a weight of evidence with its reasons. Pure.

Each trait that both have (an address, a client's handshake, a mistyped password ...) weighs the logarithm (base 2, so
bits) of how much likelier it is where one actor is behind both than where two are: the share of actors who keep such a
trait from one visit to the next, over how common the value is here and in reference data. What both have and differ in
weighs against. Traits that come with each other (an agent and its handshake) count once, the weightiest of them. The
sum must outweigh how many other incidents there are to be mistaken for: a thousand incidents ask for ten bits more.

No address that many use, nothing of a robot whose address shows that it is one, and no common value makes a pair: only
pairs that share something few have are looked at, so the work grows with the incidents, not with their square.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

_AGAIN = 0.6
"""What a second and third shared value of one sort weigh, of their own weight: they often come together."""
RARE = 40
"""Incidents that may share a value for it to make a pair of them worth looking at."""
MARGIN = 7.5
"""Bits above the odds of a chance pair: at most one in 180 is expected to be wrong."""
_HOURS_LEAST, _DAYS_LEAST = 20, 5
"""Uses, and days, below which hours of the day say nothing: one in three is an hour off with five."""
_GOES_ON, _WITHIN_DAYS, _NEAR_MOST, _AROUND = 0.8, 14.0, 4.0, 7
"""Share of actors whose next visit comes within weeks, the mean of it in days, the bits that it can weigh, and the days
before and after whose incidents say how usual it is."""
_HOURS_MOST = 2.5
"""Bits that hours of the day can weigh: many people keep the same ones."""


@dataclass(frozen=True, slots=True)
class TraitSort:
    """A sort of trait."""

    group: str
    """Traits of one group come together and count once."""
    kept: float
    """Share of actors who have the same value at the next visit; a judgement, said in docs/attribution.md."""
    seen: float
    """Share of unrelated incidents that have any one value, before anything is known here."""
    sentence: str
    """With ``{share}``."""
    shown: bool = False
    """Whether the value itself may be shown; what was typed and addresses are not."""


SORTS: Mapping[str, TraitSort] = {
    "address": TraitSort("network", 0.30, 0.002, "both came from one address, which {share}"),
    "asn": TraitSort("network", 0.45, 0.02, "both came from AS{value}, which {share}", shown=True),
    "hassh": TraitSort(
        "client", 0.6, 0.02, "both opened SSH alike (HASSH {value}), which {share}", shown=True
    ),
    "ja4": TraitSort("client", 0.6, 0.02, "both shook hands alike (JA4 {value}), which {share}", shown=True),
    "header_order": TraitSort(
        "client", 0.6, 0.02, "both sent the same header names in one order, which {share}"
    ),
    "agent": TraitSort("client", 0.5, 0.01, "both called themselves the same, word by word, which {share}"),
    "typed": TraitSort("typed", 0.35, 0.002, "the same was typed that is no part of the bait, which {share}"),
    "order": TraitSort("order", 0.5, 0.02, "both went through the bait in the same order, which {share}"),
    "canary": TraitSort("bait", 0.4, 0.01, "both used one canary, which {share}"),
    "placement": TraitSort("bait", 0.5, 0.02, "both used bait of one place, which {share}"),
    "recipient": TraitSort("bait", 0.5, 0.02, "both used bait that went to one recipient, which {share}"),
}


@dataclass(frozen=True, slots=True)
class IncidentProfile:
    """What of an incident is compared."""

    id: str
    traits: Mapping[str, frozenset[str]]
    """Values by sort; of an address or a typed word a keyed hash will do."""
    day: int = 0
    """Day of its first use, counted from any day."""
    hours: tuple[int, ...] = ()
    """Hour of the day in UTC of each burst of uses; empty where there are too few."""


@dataclass(frozen=True, slots=True)
class LinkReason:
    """One thing that speaks for or against."""

    sort: str
    sentence: str
    bits: float


@dataclass(frozen=True, slots=True)
class IncidentLink:
    """Two incidents that may be one actor's."""

    pair: tuple[str, str]
    """In order."""
    bits: float
    """Weight of evidence for one actor, less what the number of incidents asks for."""
    reasons: tuple[LinkReason, ...]
    """The weightiest first."""


@dataclass(slots=True)
class Rarity:
    """How common each value is here; ``common`` names values that reference data know of many programs."""

    profiles: Sequence[IncidentProfile]
    common: frozenset[tuple[str, str]] = frozenset()
    days: list[int] = field(default_factory=list)
    holders: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.days = sorted(profile.day for profile in self.profiles)
        for number, profile in enumerate(self.profiles):
            for sort, values in profile.traits.items():
                for value in values:
                    self.holders[sort, value].append(number)

    def near(self, day: int, gap: int) -> float:
        """The share of incidents that began within ``gap`` days of that day, the pair left out."""
        beside = bisect_right(self.days, day + gap) - bisect_left(self.days, day - gap)
        return (max(0, beside - 2) + 1) / (len(self.days) + 1)

    def share(self, sort: str, value: str) -> float:
        """Of unrelated incidents, those that have the value: what is seen here beside the pair, and what is known.

        Few incidents say little: the count is drawn towards what is usual of the sort.
        """
        known = 0.1 if (sort, value) in self.common else SORTS[sort].seen
        others = max(0, len(self.holders[sort, value]) - 2)
        drawn = 20.0
        return (others + drawn * known) / (max(0, len(self.profiles) - 2) + drawn)


def profile_hours(moments: Sequence[tuple[str, int]]) -> tuple[int, ...]:
    """The hours of (day, hour) where they may be compared at all: at least twenty uses on five days."""
    days = {day for day, _ in moments}
    return (
        tuple(hour for _, hour in moments)
        if len(moments) >= _HOURS_LEAST and len(days) >= _DAYS_LEAST
        else ()
    )


def links(
    profiles: Sequence[IncidentProfile],
    common: frozenset[tuple[str, str]] = frozenset(),
    only: str = "",
) -> list[IncidentLink]:
    """Pairs that are told, the weightiest first; ``only`` those of one incident."""
    rarity = Rarity(profiles, common)
    asked = math.log2(max(2, len(profiles))) + MARGIN
    usual = Counter(hour for profile in profiles for hour in profile.hours)
    found = []
    for a, b in sorted(_candidates(rarity, only)):
        reasons = compare(profiles[a], profiles[b], rarity, usual)
        bits = sum(reason.bits for reason in reasons) - asked
        if bits > 0 and several(reasons):
            first, second = sorted((profiles[a].id, profiles[b].id))
            found.append(IncidentLink((first, second), bits, tuple(reasons)))
    return sorted(found, key=lambda link: (-link.bits, link.pair))


def _candidates(rarity: Rarity, only: str) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for holders in rarity.holders.values():
        if 1 < len(holders) <= RARE:
            pairs.update(combinations(holders, 2))
    if only:
        own = {number for number, profile in enumerate(rarity.profiles) if profile.id == only}
        pairs = {pair for pair in pairs if own & set(pair)}
    return pairs


def compare(
    a: IncidentProfile, b: IncidentProfile, rarity: Rarity, usual: Mapping[int, int]
) -> list[LinkReason]:
    """What speaks for one actor and against, the weightiest first."""
    best: dict[str, LinkReason] = {}
    for sort, about in SORTS.items():
        mine, theirs = a.traits.get(sort, frozenset()), b.traits.get(sort, frozenset())
        if not mine or not theirs:
            continue
        chances = max(len(mine), len(theirs))
        reason = _shared(sort, mine & theirs, rarity, chances) or LinkReason(
            sort, f"they differ in {_NAMES[sort]}", math.log2(1 - about.kept)
        )
        held = best.get(about.group)
        if held is None or reason.bits > held.bits:
            best[about.group] = reason
    reasons = [reason for reason in best.values() if reason.bits]
    reasons.append(_near(a, b, rarity))
    if hours := _hours(a, b, usual):
        reasons.append(hours)
    return sorted(reasons, key=lambda reason: -reason.bits)


_NAMES = {
    "address": "address",
    "asn": "network",
    "hassh": "the way SSH was opened",
    "ja4": "the TLS handshake",
    "header_order": "the order of header names",
    "agent": "what the client calls itself",
    "typed": "what was typed",
    "order": "the order of what was done",
    "canary": "the canary",
    "placement": "the place of the bait",
    "recipient": "the bait's recipient",
}


def _shared(sort: str, values: Iterable[str], rarity: Rarity, chances: int) -> LinkReason | None:
    """The rarest of the values that both have; two more count too, less each."""
    ranked = sorted((rarity.share(sort, value), value) for value in values)
    if not ranked:
        return None
    about, (share, value) = SORTS[sort], ranked[0]
    bits = max(0.0, math.log2(about.kept / share) - math.log2(chances))
    more = sum(max(0.0, math.log2(about.kept / other)) for other, _ in ranked[1:3]) * _AGAIN
    count = len(rarity.holders[sort, value])
    text = about.sentence.format(
        share=f"{count} of {len(rarity.profiles)} incidents have", value=value if about.shown else ""
    )
    return LinkReason(sort, text, bits + more)


def _near(a: IncidentProfile, b: IncidentProfile, rarity: Rarity) -> LinkReason:
    """How near in time they began, beside how many others did: who has found bait goes on within days."""
    gap = abs(a.day - b.day)
    share, days = rarity.near(a.day, _AROUND), 2 * _AROUND + 1
    usual = 2 * share / days  # per day of distance: before and after
    bits = math.log2(
        (_GOES_ON / _WITHIN_DAYS * math.exp(-gap / _WITHIN_DAYS) + (1 - _GOES_ON) * usual) / usual
    )
    text = (
        f"they began {gap} days apart, and one in {max(1, round(1 / share))} of all incidents in those weeks"
    )
    return LinkReason("near", text, min(_NEAR_MOST, bits))


def _hours(a: IncidentProfile, b: IncidentProfile, usual: Mapping[int, int]) -> LinkReason | None:
    """Whether the hours of the day are alike, more than those of everybody are. Says nothing of where anybody is."""
    if not a.hours or not b.hours:
        return None
    total = sum(usual.values())
    background = [(usual.get(hour, 0) + 1) / (total + 24) for hour in range(24)]
    mine, theirs = _smooth(a.hours), _smooth(b.hours)
    ratio = math.log2(sum(p * q / r for p, q, r in zip(mine, theirs, background, strict=True)) or 1e-9)
    bits = max(-_HOURS_MOST, min(_HOURS_MOST, ratio))
    if bits > 0:
        return LinkReason("hours", "both come at similar hours of the day (UTC)", bits)
    return LinkReason("hours", "they come at different hours of the day (UTC)", bits)


def _smooth(hours: Sequence[int]) -> list[float]:
    count = Counter(hours)
    near = [count[h] + 0.5 * (count[(h - 1) % 24] + count[(h + 1) % 24]) + 0.2 for h in range(24)]
    return [value / sum(near) for value in near]


def several(reasons: Iterable[LinkReason]) -> bool:
    """Whether more than one thing speaks for it: no trait alone makes a link."""
    return len({SORTS[item.sort].group for item in reasons if item.sort in SORTS and item.bits > 1}) > 1
