"""What of an incident's hits is compared with other incidents: its profile.

Left out are hits that link nothing (`listener.incidents.grouping.apart`: robots whose address shows that they are one,
the operator's own), and the address and network of a hit where many people use the address. That of a robot by its own
word is such an address: if the word is true, it fetches for everybody, and if not, it is the word of who hides.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Mapping
from functools import cache

from canaries.core.clock import parse_rfc3339
from canaries.crypto.verifiers import SECRETS
from listener.evidence import acts, observed
from listener.evidence.shapes import Observed
from listener.incidents.grouping import apart, shared
from listener.incidents.likeness import IncidentProfile, profile_hours
from listener.incidents.model import Hit
from listener.network_data.datasets import SHIPPED

_FOLLOWED = frozenset({"host", "path", "url", "email"})
_NAMES = frozenset({"user", "user_name", "username", "access_key_id", "email"})
_BURST = datetime.timedelta(minutes=30)
"""Uses nearer than this are one: a tool's speed says nothing of hours."""
_STEPS, _LEAST_STEPS = 6, 3
_LONGEST = 200
_CLAIMED = "claimed_"
"""How the verdict on a robot begins that only says it is one, or looks like a mail gateway's."""
_COMMON_WORDS = (
    "root admin administrator test user guest postgres mysql ubuntu oracle ec2-user git www-data ftp anonymous default "
    "password passwd 123456 12345678 1234 admin123 qwerty changeme secret toor letmein welcome pass demo"
).split()
"""What everybody types first."""


def profile(
    incident: str, hits: Iterable[Hit], places: Mapping[str, Mapping[str, frozenset[str]]]
) -> IncidentProfile | None:
    """The profile of an incident, None where nothing of it may link. ``places``: canary to its bait's traits."""
    found: dict[str, set[str]] = {}
    moments: list[datetime.datetime] = []
    steps: list[str] = []
    for hit in sorted(hits, key=lambda hit: hit.observed_at):
        if apart(hit.facts, credential=hit.facet not in _FOLLOWED):
            continue
        moments.append(parse_rfc3339(hit.observed_at))
        for sort, value in _of_hit(hit):
            found.setdefault(sort, set()).add(value)
        for sort, values in places.get(hit.canary, {}).items():
            found.setdefault(sort, set()).update(values)
        step = f"{hit.trap} {hit.facet} {acts.line(hit.body.get('observed', Observed())).partition(' ')[0]}"
        if step not in steps[-1:]:
            steps.append(step)
    if not moments:
        return None
    if len(set(steps[:_STEPS])) >= _LEAST_STEPS:
        found["order"] = {" > ".join(steps[:_STEPS])}
    traits = {sort: frozenset(values) for sort, values in found.items()}
    return IncidentProfile(incident, traits, moments[0].toordinal(), _hours(moments))


def _of_hit(hit: Hit) -> Iterable[tuple[str, str]]:
    seen, client = hit.body.get("observed", Observed()), hit.facts.get("client", {})
    yield "canary", hit.canary
    network = hit.facts.get("network", {})
    robot = hit.facts.get("verdict", {}).get("kind", "").startswith(_CLAIMED)
    if hit.ip and not robot and not shared(hit.facts) and network.get("role", "client") == "client":
        yield "address", hit.ip
        if network.get("asn"):
            yield "asn", str(network["asn"])
    for sort, value in (
        ("ja4", observed.ja4(seen)),
        ("hassh", seen.get("hassh")),
        ("header_order", client.get("header_order")),
        ("agent", hit.client[:_LONGEST]),
    ):
        if isinstance(value, str) and value:
            yield sort, value
    facets = set(hit.body.get("facets", [hit.facet]))
    for field, own in (("password", SECRETS), ("user", _NAMES), ("username", _NAMES)):
        typed = seen.get(field)
        if isinstance(typed, str) and typed and not facets & own:
            yield "typed", f"{'password' if field == 'password' else 'user'}:{typed[:_LONGEST]}"


def _hours(moments: list[datetime.datetime]) -> tuple[int, ...]:
    single: list[datetime.datetime] = []
    for moment in moments:
        if not single or moment - single[-1] > _BURST:
            single.append(moment)
    return profile_hours([(moment.date().isoformat(), moment.hour) for moment in single])


@cache
def common() -> frozenset[tuple[str, str]]:
    """Values that many have, whatever is seen here: prints of well-known programs, and what everybody types first."""
    with (SHIPPED / "fingerprints.csv").open(encoding="utf-8", newline="") as file:
        prints = {(row["what"], row["value"]) for row in csv.DictReader(file) if row["what"] != "ja4"}
    return frozenset(
        prints | {("typed", f"{kind}:{w}") for w in _COMMON_WORDS for kind in ("user", "password")}
    )
