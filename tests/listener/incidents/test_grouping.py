"""Which hits belong together: the rule, and that no number of processes loses a count or waits in a ring."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select, update

from canaries.core import store
from canaries.installation.home import Home
from listener.evidence.derived import Facts
from listener.incidents.grouping import GroupedUse, apart, assign, shared
from tests import steady

Use = tuple[str, bytes, str] | GroupedUse

A, B = "a" * 16, "b" * 16
ALICE, BOB = b"\x01" * 16, b"\x02" * 16
CROWD = bytes(8) + b"crowd tag"[:8]


def at(day: int, clock: str = "12:00:00.000000") -> str:
    return f"2026-11-{day:02}T{clock}Z"


def put(home: Home, *uses: Use) -> list[str]:
    with home.store.write() as connection:
        found = assign(connection, [use if isinstance(use, GroupedUse) else GroupedUse(*use) for use in uses])
    return [membership.incident for membership in found]


def rows(home: Home) -> dict[str, tuple[str, str, int, str]]:
    with home.store.read() as connection:
        return {
            row.id: (row.opened_at, row.last_at, row.hits, row.state)
            for row in connection.execute(select(store.incident))
        }


def test_nothing_to_assign(any_home: Home) -> None:
    assert put(any_home) == []
    assert rows(any_home) == {}


def test_one_canary_is_one_incident_in_and_over_batches(any_home: Home) -> None:
    first = put(any_home, (A, ALICE, at(1)), (A, BOB, at(1, "13:00:00.000000")))
    second = put(any_home, (A, bytes(15) + b"\x03", at(2, "12:59:59.999999")))
    assert len({*first, *second}) == 1
    assert rows(any_home) == {first[0]: (at(1), at(2, "12:59:59.999999"), 3, "open")}


def test_one_source_is_one_incident_over_canaries(any_home: Home) -> None:
    assert len({*put(any_home, (A, ALICE, at(1))), *put(any_home, (B, ALICE, at(1, "20:00:00.000000")))}) == 1


def test_strangers_are_incidents_of_their_own(any_home: Home) -> None:
    assert len(set(put(any_home, (A, ALICE, at(1)), (B, BOB, at(1))))) == 2


def test_a_day_of_quiet_ends_an_incident(any_home: Home) -> None:
    assert len({*put(any_home, (A, ALICE, at(1))), *put(any_home, (A, ALICE, at(2)))}) == 2, (
        "24 hours are over"
    )
    assert len(rows(any_home)) == 2


def test_each_hit_starts_the_quiet_anew(any_home: Home) -> None:
    found = {put(any_home, (A, ALICE, at(day, f"{23 - day:02}:00:00.000000")))[0] for day in range(1, 10)}
    assert len(found) == 1


def test_the_canary_weighs_more_than_the_source(any_home: Home) -> None:
    of_a, of_b = put(any_home, (A, ALICE, at(1)), (B, BOB, at(1)))
    assert put(any_home, (A, BOB, at(1, "14:00:00.000000"))) == [of_a]
    assert put(any_home, (B, BOB, at(1, "15:00:00.000000"))) == [of_b]
    assert sum(hits for _, _, hits, _ in rows(any_home).values()) == 4


def test_a_late_hit_joins_and_moves_the_beginning(any_home: Home) -> None:
    found = put(any_home, (A, ALICE, at(2)))
    assert put(any_home, (A, ALICE, at(1, "18:00:00.000000"))) == found
    assert rows(any_home) == {found[0]: (at(1, "18:00:00.000000"), at(2), 2, "open")}
    assert put(any_home, (A, ALICE, at(3, "11:00:00.000000"))) == found, (
        "the late one did not turn the clock back"
    )


def test_a_hit_that_comes_a_day_too_late_is_an_incident_of_its_own(any_home: Home) -> None:
    """Nearness counts, not order."""
    assert len({*put(any_home, (A, ALICE, at(5))), *put(any_home, (A, ALICE, at(4)))}) == 2
    assert len(rows(any_home)) == 2


def test_a_closed_incident_takes_no_more(any_home: Home) -> None:
    found = put(any_home, (A, ALICE, at(1)))
    with any_home.store.write() as connection:
        connection.execute(update(store.incident).values(state="closed"))
    assert put(any_home, (A, ALICE, at(1, "13:00:00.000000"))) != found
    assert rows(any_home)[found[0]][2:] == (1, "closed")


def test_a_crowd_shares_nothing(any_home: Home) -> None:
    assert len(set(put(any_home, (A, CROWD, at(1)), (B, CROWD, at(1))))) == 2
    with any_home.store.read() as connection:
        keys = connection.execute(select(store.incident_key.c.key)).scalars().all()
    assert sorted(keys) == [f"canary:{A}", f"canary:{B}"]


def test_a_large_batch(any_home: Home) -> None:
    uses = [(f"{n % 700:016x}", (n % 900).to_bytes(16, "big"), at(1)) for n in range(2000)]
    uses = [(canary, b"\x01" + tag[1:], when) for canary, tag, when in uses]
    found = put(any_home, *uses)
    assert len(found) == 2000
    assert sum(hits for _, _, hits, _ in rows(any_home).values()) == 2000


def test_a_rolled_back_batch_leaves_nothing(any_home: Home) -> None:
    def stopped() -> None:
        with any_home.store.write() as connection:
            assign(connection, [GroupedUse(A, ALICE, at(1))])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stopped()
    assert rows(any_home) == {}


C, D = "c" * 16, "d" * 16
CAROL = b"\x03" * 16


def use(canary: str, tag: bytes, hour: int, **more: Any) -> GroupedUse:
    return GroupedUse(canary, tag, at(1, f"{hour:02}:00:00.000000"), **more)


def test_acts_behind_the_first_are_no_hits(any_home: Home) -> None:
    acts = [use(A, ALICE, hour, counts=False) for hour in (1, 2, 3)]
    first = put(any_home, *acts[:2])
    assert rows(any_home)[first[0]][2] == 1, "an incident has a hit"
    put(any_home, acts[2])
    assert rows(any_home)[first[0]][2] == 1


def test_a_shared_address_chains_no_strangers(any_home: Home) -> None:
    """Alice uses A and B, Bob uses A, then C: Bob's C is no part of what Alice opened."""
    a, b, of_bob, c = put(any_home, use(A, ALICE, 1), use(B, ALICE, 2), use(A, BOB, 3), use(C, BOB, 4))
    assert a == b == of_bob
    assert c != a


def test_the_chain_is_cut_over_batches_and_however_long(any_home: Home) -> None:
    found = [put(any_home, use(A, ALICE, 1), use(A, BOB, 1))[0]]
    for hour, (canary, tag) in enumerate([(B, BOB), (B, CAROL), (C, CAROL), (D, b"\x04" * 16)], 2):
        found += put(any_home, use(canary, tag, hour))
    assert len(set(found)) == 4, "A of Alice and Bob; B of Bob and Carol; C of Carol; D"


@pytest.mark.parametrize("reason", ["robot", "own"])
def test_robots_and_own_scanners_join_no_intruder(any_home: Home, reason: str) -> None:
    robots = [
        use(A, bytes([9]) * 15 + bytes([number]), 1, credential=False, apart=reason) for number in range(80)
    ]
    intruder, *rest = put(any_home, use(A, ALICE, 1), *robots, use(B, robots[0].source_tag, 2))
    assert len(set(rest[:80])) == 1, "kept together"
    assert intruder not in rest
    assert rest[80] not in rest[:80], "a robot's hit lends its source to nothing"
    assert put(any_home, use(A, BOB, 3)) == [intruder], "its canary still leads to the intruder"


def test_a_link_joins_by_its_source_only_with_the_same_client(any_home: Home) -> None:
    def link(canary: str, hour: int, client: str) -> GroupedUse:
        return use(canary, ALICE, hour, credential=False, client=client)

    first, same, other = put(any_home, link(A, 1, "curl"), link(B, 2, "curl"), link(C, 3, "wget"))
    assert first == same != other
    assert put(any_home, use(D, ALICE, 4, client="psql"), link("e" * 16, 5, "lynx")) == [other, other], (
        "a credential needs no client; the newest counts"
    )


def test_an_address_of_many_links_nothing(any_home: Home) -> None:
    one, two = put(any_home, use(A, ALICE, 1, shared=True), use(B, ALICE, 2, shared=True))
    assert one != two


def test_every_hit_says_why(any_home: Home) -> None:
    uses = [use(A, ALICE, 1), use(A, BOB, 2), use(B, ALICE, 3), use(A, CAROL, 4, apart="robot")]
    with any_home.store.write() as connection:
        first, canary, source, robot = (found.why for found in assign(connection, uses))
    assert first.startswith("first hit of this incident")
    assert canary.startswith("the same canary")
    assert source.startswith("the address whose hit opened")
    assert robot.startswith("by rule a robot's")


def test_what_links_nothing() -> None:
    listed: Facts = {"verdict": {"kind": "likely_preview"}}
    assert apart(listed, credential=False) == "robot"
    assert not apart(listed, credential=True), "no robot presents a credential"
    assert not apart({"verdict": {"kind": "claimed_preview"}}, credential=False), "anybody can claim that"
    assert apart({"operator_rule": {"mark": "own"}}, credential=True) == "own"
    assert not apart({}, credential=False)
    assert shared({"netclass": {"shared": "yes"}})
    assert shared({"netclass": {"shared": "likely"}})
    assert not shared({"netclass": {"shared": "unknown"}})


WORKER = """
import random, sys
from pathlib import Path
from canaries.installation.home import Home
from listener.incidents.grouping import GroupedUse, assign

home, luck = Home.open(Path(sys.argv[1])), random.Random(int(sys.argv[2]))
for _ in range(int(sys.argv[3])):
    uses = [
        GroupedUse(
            f"{luck.randrange(12):016x}", b"\\x01" * 15 + bytes([luck.randrange(12)]), "2026-11-01T12:00:00.000000Z"
        )
        for _ in range(8)
    ]
    with home.store.write() as connection:
        assign(connection, uses)
home.store.close()
"""


def _compete(home: Home, workers: int, batches: int) -> Sequence[str]:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(home.path), str(number), str(batches)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(workers)
    ]
    return [process.communicate(timeout=steady.PATIENCE)[1] for process in running]


def test_processes_in_competition_lose_no_count_and_never_deadlock(any_home: Home) -> None:
    assert _compete(any_home, 3, 40) == ["", "", ""]
    assert sum(hits for _, _, hits, _ in rows(any_home).values()) == 3 * 40 * 8
    with any_home.store.read() as connection:
        keyed = select(func.count()).select_from(store.incident_key)
        assert connection.execute(keyed).scalar() == 48, "each canary, and three keys of each source"
        empty = select(store.incident_key.c.key).where(store.incident_key.c.incident_id == "")
        assert not [key for key in connection.execute(empty).scalars() if key.startswith("canary:")]
