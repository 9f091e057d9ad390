"""Services that fetch by themselves, and what shows that a visitor is one: its address, never its word.

``data/identities.csv``. A cloud that anybody can rent shows nothing, so no such network is in the table; a service that
publishes nothing has empty columns and is never confirmed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from listener.network_data.datasets import SHIPPED

ELSEWHERE = frozenset({"tor_exit", "vpn", "relay", "mobile", "broadband", "satellite", "scanner"})
"""Networks that no service fetches from, whatever it publishes."""

_RENTED = frozenset({"cloud"})


@dataclass(frozen=True, slots=True)
class RobotIdentity:
    """How one service is recognised."""

    family: str
    """As the client source names it."""
    providers: frozenset[str]
    """Of labels; ``provider:SERVICE`` asks for that service."""
    asns: frozenset[int]
    """Networks of its own, in which nobody else rents machines."""

    @property
    def knowable(self) -> bool:
        """Whether there is anything that could show it."""
        return bool(self.providers or self.asns)

    def confirmed(self, labels: Iterable[Mapping[str, str]], asn: int | None) -> str:
        """What shows that the address is the service's, as the rest of a sentence; empty where nothing does."""
        found = [dict(label) for label in labels]
        for label in found:
            named = {label.get("provider", ""), f"{label.get('provider', '')}:{label.get('service', '')}"}
            if named & self.providers and label.get("class") not in _RENTED:
                rented = any(
                    other.get("class") in _RENTED and other.get("provider") == label.get("provider")
                    for other in found
                )
                if not rented:
                    return f"its address is in a range of {label['provider']}"
        return f"its address is in AS{asn}, that service's own network" if asn in self.asns else ""


@cache
def identities() -> Mapping[str, RobotIdentity]:
    """By family."""
    with (SHIPPED / "identities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["family"]: RobotIdentity(
            row["family"],
            frozenset(row["providers"].split()),
            frozenset(int(number) for number in row["asns"].split()),
        )
        for row in rows
    }
