"""Old look-ups are erased by an operator, of two by both; the ledger verifies, and no line brings one back."""

from __future__ import annotations

import pytest

from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.ledger.sealer import LogSealer
from listener.lookups.erasing import erase_before
from listener.lookups.listing import LookupFilter, lookups
from listener.lookups.people import PeopleMap
from tests.look_ups import line, take_in, watch
from tests.operators import acting, approve, enrol

BEFORE = "2026-11-26"


def kept(home: Home) -> list[str]:
    return [one.at[:10] for one in lookups(home, LookupFilter(), PeopleMap({}))]


def test_what_is_older_goes_with_one_entry(home: Home) -> None:
    one, other = watch(home, "5", "6")
    old, late = line(one), line(other, began="2026-11-27T00:00:00+00:00")
    take_in(home, old, late, line(one, user="clerk8"))
    with pytest.raises(TraplineError, match="needs a reason"):
        erase_before(home, BEFORE, " ")
    assert erase_before(home, BEFORE, "term") == (2, [])
    assert erase_before(home, BEFORE, "term") == (0, [])
    take_in(home, old, late)
    assert kept(home) == ["2026-11-27"]
    with home.store.read() as connection:
        [said] = home.reader.entries(connection, "erased")
    assert (len(said.body["entries"]), said.body["reason"]) == (2, "term")
    LogSealer(home).seal_once()
    assert verification.verify(home).forged == ()


def test_of_two_operators_the_other_one_approves_it_once(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record))
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        count, [proposal] = erase_before(home, BEFORE, "term")
        assert erase_before(home, BEFORE, "term") == (0, [])
    assert (count, kept(home)) == (1, ["2026-11-25"])
    with acting(home, "bob"):
        approve(home, proposal)
    assert kept(home) == []
    LogSealer(home).seal_once()
    assert verification.verify(home).forged == ()
