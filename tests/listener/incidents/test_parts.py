"""What belongs to a hit is read with it: acts in words and in order, look-ups counted."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.mint import minting
from listener.facts.derive import load
from listener.incidents import parts, queries
from listener.incidents.proofs import Proof
from listener.ingest.intake import Intake
from tests.listener.ingest.test_conversations import login, said


def test_acts_are_told_in_order_and_the_rest_counted(home: Home) -> None:
    (bait,) = minting.mint(home, "redis-url")
    batch = [
        said(1, "HELLO"),
        login(bait, 2),
        *(said(number, "GET", f"k{number}") for number in range(3, 70)),
    ]
    Intake(home, load(home)).ingest(batch, "s", 1)
    ((hit, found),) = parts.with_parts(home, queries.hits(home))
    assert [act.did for act in found.acts[:3]] == ["HELLO", "GET k3", "GET k4"]
    assert len(found.acts) + found.more_acts == 68
    assert found.then == "HELLO, GET k3, GET k4, GET k5 and 64 more"
    shown = found.as_dict()
    assert [act["did"] for act in shown["acts"][:2]] == ["HELLO", "GET k3"]
    assert list(parts.each_with_parts(home, [hit])) == [(hit, found)]


def test_a_hit_alone_has_no_parts(home: Home) -> None:
    (bait,) = minting.mint(home, "redis-url")
    Intake(home, load(home)).ingest([login(bait, 1)], "s", 1)
    ((_, found),) = parts.with_parts(home, queries.hits(home))
    assert (found, found.then) == (parts.HitParts(proof=Proof("right", "in clear")), "")
