"""Suggested campaigns: incidents that may be one actor's, by their links and by all that they have in common. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from listener.incidents.likeness import (
    MARGIN,
    RARE,
    IncidentLink,
    IncidentProfile,
    Rarity,
    compare,
    links,
    several,
)

_ROUNDS = 2
"""How often a campaign's whole is held against the incidents outside it."""


def joined(
    profiles: Sequence[IncidentProfile],
    groups: Sequence[Sequence[str]],
    common: frozenset[tuple[str, str]] = frozenset(),
) -> list[tuple[list[str], str, IncidentLink]]:
    """(campaign, incident, what speaks for it) of incidents that no pair holds but all of a campaign together does.

    The campaign's traits are put together; the more values it has, the likelier is one by chance, which is taken off.
    """
    rarity = Rarity(profiles, common)
    asked = math.log2(max(2, len(profiles))) + MARGIN
    usual = Counter(hour for profile in profiles for hour in profile.hours)
    numbers = {profile.id: number for number, profile in enumerate(profiles)}
    taken = {member for members in groups for member in members}
    best: dict[str, tuple[list[str], str, IncidentLink]] = {}
    for members in groups:
        own = [profiles[numbers[name]] for name in members]
        pool = _pooled(own)
        near = {
            other
            for sort, values in pool.traits.items()
            for value in values
            if len(rarity.holders[sort, value]) <= RARE
            for other in rarity.holders[sort, value]
        }
        for other in sorted(near):
            profile = profiles[other]
            if profile.id in taken:
                continue
            day = min((item.day for item in own), key=lambda day: abs(day - profile.day))
            reasons = compare(replace(pool, day=day), profile, rarity, usual)
            bits = sum(reason.bits for reason in reasons) - asked
            held = best.get(profile.id)
            if bits > 0 and several(reasons) and (held is None or bits > held[2].bits):
                link = IncidentLink((pool.id, profile.id), bits, tuple(reasons))
                best[profile.id] = list(members), profile.id, link
    return [best[name] for name in sorted(best)]


def _pooled(own: Sequence[IncidentProfile]) -> IncidentProfile:
    traits: dict[str, frozenset[str]] = {}
    for profile in own:
        for sort, values in profile.traits.items():
            traits[sort] = traits.get(sort, frozenset()) | values
    hours = tuple(hour for profile in own for hour in profile.hours)
    return IncidentProfile(own[0].id, traits, own[0].day, hours)


def campaigns(
    found: Sequence[IncidentLink], apart: frozenset[tuple[str, str]] = frozenset()
) -> list[list[str]]:
    """Incidents that may be one actor's: groups in which most pairs are linked, so that no chain joins strangers.

    ``apart`` are pairs that an operator rejected: they are never in one group.
    """
    linked = {link.pair for link in found}
    group: dict[str, set[str]] = {}
    for link in found:
        a, b = link.pair
        mine, theirs = group.setdefault(a, {a}), group.setdefault(b, {b})
        if mine is theirs:
            continue
        across = [(min(x, y), max(x, y)) for x in mine for y in theirs]
        if apart.intersection(across) or 2 * sum(pair in linked for pair in across) < len(across):
            continue
        mine |= theirs
        for member in theirs:
            group[member] = mine
    groups = {frozenset(members) for members in group.values() if len(members) > 1}
    return sorted((sorted(members) for members in groups), key=lambda members: (-len(members), members))


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is suggested: links of pairs, links of a campaign's whole to one incident more, and campaigns."""

    links: tuple[IncidentLink, ...]
    campaigns: tuple[tuple[str, ...], ...]


def suggest(
    profiles: Sequence[IncidentProfile],
    common: frozenset[tuple[str, str]] = frozenset(),
    apart: frozenset[tuple[str, str]] = frozenset(),
) -> Suggestions:
    """All links and campaigns, without pairs that an operator rejected."""
    found = [link for link in links(profiles, common) if link.pair not in apart]
    groups = campaigns(found, apart)
    for _ in range(_ROUNDS):
        more = joined(profiles, groups, common)
        for members, name, link in more:
            pairs = {(min(name, member), max(name, member)) for member in members}
            if pairs & apart:
                continue
            members_now = next(group for group in groups if members[0] in group)
            if any((min(name, member), max(name, member)) in apart for member in members_now):
                continue
            members_now.append(name)
            found.append(replace(link, pair=(min(link.pair), max(link.pair))))
    found.sort(key=lambda link: (-link.bits, link.pair))
    ranked = sorted((tuple(sorted(group)) for group in groups), key=lambda group: (-len(group), group))
    return Suggestions(tuple(found), tuple(ranked))
