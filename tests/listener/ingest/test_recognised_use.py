"""A use on its way into the ledger: what is part of another hit says so in its entry and is told as an act."""

from __future__ import annotations

import msgspec

from listener.evidence.reading import Reading
from listener.incidents.grouping import Membership
from listener.ingest.matcher import Match, Owner
from listener.ingest.recognised_use import RecognisedUse
from tests.listener.ingest.test_conversations import said

OWNER = Owner("c" * 16, "redis-url", "password", 0, "2026-01-01T00:00:00.000000Z", "", b"")


def use(follows: str, part: str) -> RecognisedUse:
    seen = said(1, "KEYS", "*")
    reading = Reading({"request": "command", "command": ["KEYS", "*"]})
    at = "2026-01-01T00:00:01.000000Z"
    return RecognisedUse("a" * 32, seen, reading, Match(OWNER, ()), at, b"t" * 16, {}, {}, follows, part)


def test_an_act_is_no_hit_of_its_own() -> None:
    act = use("b" * 32, "act")
    assert (act.body("")["follows"], act.body("")["part"]) == ("b" * 32, "act")
    assert (act.noted("i").act, act.noted("i").counts) == ("KEYS *", False)
    assert act.derived(Membership("i", "because"))["incident"] == "i"


def test_a_first_use_stands_alone() -> None:
    root = use("", "")
    assert not {"follows", "part", "recognised_at"} & root.body("").keys()
    assert (root.noted("i").act, root.noted("i").counts) == ("", True)
    assert root.body("later")["recognised_at"] == "later"


def test_an_alert_says_how_the_address_is_known() -> None:
    asked = msgspec.structs.replace(
        use("", ""), sighting=msgspec.structs.replace(said(1, "KEYS", "*"), trap="dns")
    )
    assert asked.noted("i").reported.endswith(", a name server that asked for somebody")
    assert asked.noted("i").names_somebody
    assert use("", "").noted("i").reported == ""
