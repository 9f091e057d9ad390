"""Old look-ups are erased by an operator, of two by both; the ledger verifies, and no line brings one back."""

from __future__ import annotations

import pytest

from canaries.core import store
from canaries.core.clock import FixedClock, parse_rfc3339
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.ledger.sealer import LogSealer
from listener.lookups import erasing
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


def by_term(home: Home) -> Home:
    """On 2026-12-01, with a term of five days."""
    (home.path / "trapline.toml").write_text("[retention]\nlookups_days = 5\n")
    return Home(home.path, FixedClock(parse_rfc3339("2026-12-01T00:00:00.000000Z")))


def test_the_term_erases_what_they_say_and_keeps_numbers_times_and_seals(home: Home) -> None:
    one, other = watch(home, "5", "6")
    take_in(home, line(one), line(other), line(one, began="2026-11-27T00:00:00+00:00"))
    take_in(home, line(one, user="clerk8"))
    LogSealer(home).seal_once()
    later = by_term(home)
    assert erasing.count(erasing.due(later)) == 2
    assert erasing.count(erasing.apply(later, "listener")) == 2
    assert erasing.apply(later, "listener") == []
    assert kept(home) == ["2026-11-27"]
    with home.store.read() as connection:
        [said] = home.reader.entries(connection, "erased")
        rows = connection.execute(store.looked_up.select()).all()
    assert (said.by, said.body["lookups"]) == ("listener", 2)
    assert said.body["reason"] == "retention: what look-ups say is kept 5 days"
    assert len(rows) == 4, "how many, when and of which watch is still there"
    LogSealer(home).seal_once()
    assert verification.verify(home).forged == ()


def test_without_a_term_all_stays_and_a_wrong_clock_keeps_none_longer(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record, began="2999-01-01T00:00:00+00:00"))
    assert erasing.apply(home, "listener") == []
    (home.path / "trapline.toml").write_text("[retention]\nlookups_days = 5\n")
    far = Home(home.path, FixedClock(parse_rfc3339("2998-01-01T00:00:00.000000Z")))
    assert erasing.count(erasing.apply(far, "listener")) == 1


def test_where_operators_sign_one_of_them_applies_the_term(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record))
    enrol(home, "alice", "bob")
    later = by_term(home)
    with acting(later, "alice"):
        found, [proposal] = erasing.apply_signed(later)
        assert erasing.apply_signed(later) == ([], [])
    assert (erasing.count(found), len(kept(home))) == (1, 1)
    with acting(later, "bob"):
        approve(later, proposal)
    assert kept(home) == []
