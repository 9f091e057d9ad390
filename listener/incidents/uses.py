"""What a report and a page count of many hits: the networks that they came from, and which are the operator's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from canaries.core.clock import parse_rfc3339
from listener.evidence.derived import Facts
from listener.evidence.shapes import HitBody
from listener.incidents import briefing

if TYPE_CHECKING:
    from listener.incidents.model import Hit

ADDRESSES = 1_000
"""Addresses of one network that are told apart."""
NETWORKS = 200
"""Networks that are counted apart; those that come later are counted together."""


@dataclass(slots=True)
class NetworkUse:
    """What came from one network, by offline data."""

    uses: int = 0
    credentials: int = 0
    first: str = ""
    last: str = ""
    addresses: set[str] = field(default_factory=set)
    """At most `ADDRESSES`."""


@dataclass(frozen=True, slots=True)
class UseInOrder:
    """One use, as pictures show it (`listener.incidents.pictures.DrawnUse`)."""

    number: int
    at: str
    ip: str
    canary: str
    credential: bool
    mark: str


@dataclass(slots=True)
class Drawn:
    """What the pictures of some hits are made of."""

    uses: list[UseInOrder] = field(default_factory=list)
    networks: dict[str, NetworkUse] = field(default_factory=dict)
    hours: list[list[int]] = field(default_factory=lambda: [[0] * 24 for _ in range(7)])
    """Uses by weekday (Monday first) and hour."""

    @property
    def sources(self) -> list[tuple[str, NetworkUse]]:
        """The networks, most uses first."""
        return sorted(self.networks.items(), key=lambda item: (-item[1].uses, item[0]))


def drawn(hits: Iterable[Hit], zone: str = "", first: int = 1) -> Drawn:
    """Of hits, oldest first; ``zone``: of the hours, UTC where it is empty. ``first``: number of the first one."""
    found, there = Drawn(), briefing.time_zone(zone) or UTC
    for number, hit in enumerate(hits, first):
        at = parse_rfc3339(hit.observed_at).astimezone(there)
        found.hours[at.weekday()][at.hour] += 1
        count_network(found.networks, hit.body, hit.facts)
        credential = briefing.is_credential(hit.facet)
        found.uses.append(
            UseInOrder(number, hit.observed_at, hit.ip, hit.canary, credential, mark(hit.facts))
        )
    return found


def mark(facts: Facts) -> str:
    """``own`` or ``test`` where an operator's rule marks the hit, else empty."""
    said = facts.get("operator_rule")
    return str(said.get("mark", "")) if isinstance(said, Mapping) else ""


def network_name(facts: Facts) -> str:
    """Whose network the address is in, as the fact says it."""
    said = facts.get("network")
    known = said if isinstance(said, Mapping) else {}
    asn = known.get("asn")
    parts = (f"AS{asn} {known.get('organisation') or ''}".strip() if asn else "", known.get("country"))
    return ", ".join(str(part) for part in parts if part) or "not in the network data"


def count_network(networks: dict[str, NetworkUse], body: HitBody, facts: Facts) -> None:
    """Add one use to its network's."""
    name = network_name(facts)
    if name not in networks and len(networks) >= NETWORKS:
        name = "further networks"
    use = networks.setdefault(name, NetworkUse())
    at = body["observed_at"]
    use.uses += 1
    use.credentials += briefing.is_credential(body["facet"])
    use.first, use.last = min(use.first or at, at), max(use.last, at)
    if len(use.addresses) < ADDRESSES:
        use.addresses.add(body["source"]["ip"])
