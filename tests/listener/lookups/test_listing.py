"""Look-ups are listed by time, one for each statement, minimised; each filter keeps what it says."""

from __future__ import annotations

import pytest

from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.ledger.sealer import LogSealer
from canaries.operators.erasure import erase
from listener.ingest.unrecognised import UnrecognisedStore
from listener.lookups.listing import LookupFilter, by_person, lookups, resolve, totals
from listener.lookups.people import PeopleMap
from listener.lookups.review import record_outcome
from tests.look_ups import URL, line, take_in, watch

KNOWN = PeopleMap({"clerk7": "staff-7", "clerk8": "staff-8"}, exempt=frozenset({"nightly"}))


def test_what_one_statement_says_in_two_batches_is_one_look_up(home: Home) -> None:
    first, second = watch(home, "5", "6")
    take_in(home, line(first))
    take_in(home, line(first), line(second))
    assert list(UnrecognisedStore(home).read()) == []  # what is taken in is kept in one place only
    [one] = lookups(home, LookupFilter(), KNOWN)
    assert (one.rows, one.of, len(one.entries)) == (2, 2, 2)
    assert {record.id for record in one.watched} == {first.id, second.id}
    take_in(home, line(first, began="2026-11-25T08:00:00.000001+00:00"))
    assert len(lookups(home, LookupFilter(), KNOWN)) == 2


def test_filters_relations_and_totals(home: Home) -> None:
    [own], [other] = (
        watch(home, "5", person="staff-7"),
        watch(home, "9", url=URL.replace("subscribers", "cases")),
    )
    take_in(
        home,
        line(own, began="2026-11-24T08:00:00+00:00", reason="case 1"),
        line(own, began="2026-11-25T08:00:00+00:00", user="clerk8"),
        line(other, began="2026-11-26T08:00:00+01:00"),
        line(other, began="nonsense", at="nonsense", user="\x1b[31m", reason="later"),
    )
    every = lookups(home, LookupFilter(), KNOWN)
    assert [one.person for one in every[:3]] == ["staff-7", "staff-8", "staff-7"]
    assert [one.at for one in every[1:3]] == ["2026-11-25T08:00:00.000000Z", "2026-11-26T07:00:00.000000Z"]
    assert [one.relation for one in every[:3]] == ["own record", "colleague's record", ""]
    assert every[0].body["observed_at"] > every[0].at  # the listener's clock is kept beside the database's
    counts = dict.fromkeys(("own", "colleagues"), 1) | dict.fromkeys(("exempt", "reviewed"), 0)
    assert totals(every) == {"lookups": 4, "without_reason": 2, **counts}
    assert [len(found) for found in by_person(every).values()] == [1, 2, 1]

    def kept(**wanted: object) -> list[int]:
        found = lookups(home, LookupFilter(**wanted), KNOWN)  # type: ignore[arg-type]
        return [every.index(one) for one in found]

    assert kept(since="2026-11-25", until="2026-11-26") == [1]
    assert kept(who="staff-7") == [0, 2]
    assert kept(who="clerk8") == [1]
    assert kept(table="cases") == kept(table="shop.cases") == [2, 3]
    assert kept(table="ases") == []
    assert kept(without_reason=True) == [1, 2]
    minimised, full = every[0].as_dict(full=False), every[0].as_dict(full=True)
    assert not {"query", "records", "entries"} & set(minimised)
    assert "threats" not in str(minimised)
    assert full["records"][0]["why"] == "threats"
    record_outcome(home, [every[0].id[:8]], "fine", "as agreed")
    again = lookups(home, LookupFilter(), KNOWN)[0].as_dict(full=False)
    assert again["outcome"]["found"] == "fine"


def test_a_programs_own_reads_need_no_reason_and_are_counted(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record), line(record, user="nightly"), line(record, user="nightly", query="again"))
    every = lookups(home, LookupFilter(), KNOWN)
    assert sorted((one.person, one.exempt) for one in every) == [
        *(("nightly", True), ("nightly", True)),
        ("staff-7", False),
    ]
    assert [one.as_dict(full=False)["exempt"] for one in every].count(True) == 2
    sums = totals(every)
    assert (sums["lookups"], sums["without_reason"], sums["exempt"]) == (3, 1, 2)
    assert [one.person for one in lookups(home, LookupFilter(without_reason=True), KNOWN)] == ["staff-7"]
    assert [one.person for one in lookups(home, LookupFilter(programs=False), KNOWN)] == ["staff-7"]
    unnamed = lookups(home, LookupFilter(), PeopleMap({}))
    assert totals(unnamed)["without_reason"] == 3  # nobody is exempt whom the file does not name


def test_an_id_is_found_by_its_beginning(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record))
    [one] = lookups(home, LookupFilter(), KNOWN)
    assert resolve(home, f" {one.id[:6].upper()}") == one.id
    for wrong in ("", "ab", "zzzz", "0" * 32):
        with pytest.raises(NotFoundError):
            resolve(home, wrong)


def test_what_was_erased_is_not_listed_and_the_ledger_still_verifies(home: Home) -> None:
    [record] = watch(home, "5")
    take_in(home, line(record), line(record, user="clerk8"))
    first, second = lookups(home, LookupFilter(), KNOWN)
    erase(home, first.entries[0], "request of clerk7")
    take_in(home, line(record))
    assert [one.id for one in lookups(home, LookupFilter(), KNOWN)] == [second.id]
    LogSealer(home).seal_once()
    verification.verify(home)


def test_after_its_end_nothing_is_recorded(home: Home) -> None:
    [record] = watch(home, "5", until="2020-01-01T00:00:00.000000Z")
    take_in(home, line(record))
    assert lookups(home, LookupFilter(), KNOWN) == []
