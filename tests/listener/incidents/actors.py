"""Simulated actors with habits among unrelated visitors, as profiles of incidents; every draw has its seed.

What actors keep from one incident to the next is drawn so, not always: half the time they type something of their own,
they use two or three tools of those that everybody uses, sometimes a build of their own, come from two or three
networks and now and then through an address that many use, and work through bait in an order of theirs with slips.
Visitors have the same tools, networks and common passwords, in the same proportions; some of them are robots
(`tests.listener.incidents.robots`), whose visits go through the real facts and profiles.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, replace

from listener.incidents.likeness import IncidentProfile, profile_hours
from listener.incidents.traits import profile
from tests.listener.incidents.robots import Robots, RobotSort

_TOOLS, _NETWORKS, _PLACES, _WORDS, _STEPS, _DAYS = 300, 900, 400, 2_000, 9, 365
_EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class SimulatedWorld:
    """Profiles, and whose each incident is."""

    profiles: list[IncidentProfile]
    actor: dict[str, int]
    """Incident to actor, of those that have one."""
    addresses: dict[str, str]
    """Incident to its address, as a rule that knows no better sees it: shared ones and robots' too."""
    robots: dict[str, RobotSort]
    """Incident to the sort of robot that made it, of those that are robots'."""


def _zipf(draw: random.Random, count: int, skew: float = 1.1) -> int:
    """One of ``count`` things of which the first are much the commonest."""
    return min(int((count ** draw.random()) ** skew) - 1, count - 1)


def _tool(draw: random.Random) -> dict[str, str]:
    number = _zipf(draw, _TOOLS)
    version = _zipf(draw, 12)
    return {"ja4": f"j{number // 3}", "header_order": f"h{number // 2}", "agent": f"a{number}/{version}"}


def _word(draw: random.Random) -> str:
    return f"w{_zipf(draw, _WORDS, 1.3)}"


def _order(draw: random.Random) -> list[int]:
    return [_zipf(draw, _STEPS, 1.0) for _ in range(draw.randint(2, 6))]


def _moments(draw: random.Random, centre: int, count: int) -> list[tuple[str, int]]:
    return [(f"d{draw.randrange(12)}", int(draw.gauss(centre, 3)) % 24) for _ in range(count)]


def world(actors: int, visitors: int, seed: int, robots: Robots | None = None) -> SimulatedWorld:
    """So many actors, each with two to six incidents, among so many visitors with one; a third of them ``robots``."""
    draw = random.Random(seed)
    found = SimulatedWorld([], {}, {}, {})
    crowds = [f"crowd{number}" for number in range(60)]

    def add(
        traits: dict[str, set[str]], day: int, hours: tuple[int, ...], address: str, actor: int | None = None
    ) -> None:
        name = f"{len(found.addresses):08x}"
        found.addresses[name] = address
        if actor is not None:
            found.actor[name] = actor
        held = {sort: frozenset(values) for sort, values in traits.items() if values}
        found.profiles.append(IncidentProfile(name, held, day, hours))

    for actor in range(actors):
        networks = [_zipf(draw, _NETWORKS) for _ in range(draw.randint(1, 3))]
        tools = [_tool(draw) for _ in range(draw.randint(1, 3))]
        if draw.random() < 0.4:
            tools[0] = tools[0] | {"ja4": f"own{actor}", "header_order": f"ownh{actor}"}
        words = [f"own{actor}.{number}" for number in range(3)] if draw.random() < 0.75 else []
        order, places = _order(draw), [draw.randrange(_PLACES) for _ in range(2)]
        homes = [f"host{actor}.{number}" for number in range(2)]
        centre, day = draw.randrange(24), draw.randrange(_DAYS)
        for _ in range(draw.randint(2, 6)):
            used = draw.sample(tools, draw.randint(1, len(tools)))
            traits: dict[str, set[str]] = {sort: {tool[sort] for tool in used} for sort in tools[0]}
            typed = set(draw.sample(words, draw.randint(1, 3))) if words and draw.random() < 0.65 else set()
            traits["typed"] = typed | ({_word(draw)} if draw.random() < 0.4 else set())
            steps = order if draw.random() < 0.7 else _order(draw)
            traits["order"] = {">".join(map(str, steps))} if len(steps) > 2 else set()
            place = draw.choice(places) if draw.random() < 0.6 else draw.randrange(_PLACES)
            traits |= {"placement": {f"p{place}"}, "canary": {f"c{place}.{draw.randrange(6)}"}}
            address = draw.choice(crowds)
            if draw.random() < 0.6:  # else an address that many use: it is no trait, nor is its network
                again = draw.random() < 0.35
                address = draw.choice(homes) if again else f"x{draw.getrandbits(40):x}"
                traits |= {"address": {address}, "asn": {str(draw.choice(networks))}}
            count = draw.choice((3, 3, 8, 30))
            add(traits, day, profile_hours(_moments(draw, centre, count)), address, actor)
            day += round(draw.expovariate(1 / draw.choice((2, 8, 20, 60))))
    for number in range(visitors):
        tool, place = _tool(draw), _zipf(draw, _PLACES, 0.7)
        if robots is not None and number % 3 == 0:
            name, canary = f"{len(found.addresses):08x}", f"c{place}.{draw.randrange(6)}"
            sort, found.addresses[name], hits = robots.visit(name, canary, draw.randrange(_DAYS))
            found.robots[name] = sort
            made = profile(name, hits, {canary: {"placement": frozenset({f"p{place}"})}})
            if made is not None:
                found.profiles.append(replace(made, day=made.day - _EPOCH))
            continue
        traits = {sort: {value} for sort, value in tool.items()}
        traits["typed"] = {_word(draw) for _ in range(draw.randint(0, 2))}
        steps = _order(draw)
        traits["order"] = {">".join(map(str, steps))} if len(steps) > 2 else set()
        traits |= {"placement": {f"p{place}"}, "canary": {f"c{place}.{draw.randrange(6)}"}}
        address = draw.choice(crowds)
        if draw.random() < 0.7:
            address = f"x{draw.getrandbits(18):x}"
            traits |= {"address": {address}, "asn": {str(_zipf(draw, _NETWORKS))}}
        hours = profile_hours(_moments(draw, draw.randrange(24), draw.choice((1, 2, 3, 25))))
        add(traits, draw.randrange(_DAYS), hours, address)
    return found
