from __future__ import annotations

from sqlalchemy import select

from canaries.core.store import outbox as table
from canaries.installation.home import Home
from listener.notify import outbox
from listener.notify.channels import Alert
from listener.notify.outbox import LEASE_SECONDS, Parcel, later

NOW = "2026-11-22T12:00:00.000000Z"


def put(home: Home, count: int) -> None:
    alerts = [Alert(id=f"{number:032x}", event="first", at=NOW, hits=number) for number in range(count)]
    with home.store.write() as connection:
        outbox.enqueue(connection, home, alerts, NOW)


def lease(home: Home, seconds: float, limit: int = 10, channel: str = outbox.UNADDRESSED) -> list[Parcel]:
    with home.store.write() as connection:
        return outbox.lease(connection, home, channel, later(NOW, seconds), limit)


def test_what_was_put_in_comes_out(any_home: Home) -> None:
    put(any_home, 3)
    parcels = lease(any_home, 0)
    assert sorted(parcel.alert.hits for parcel in parcels if parcel.alert) == [0, 1, 2]
    assert {(parcel.created_at, parcel.attempt) for parcel in parcels} == {(NOW, 1)}


def test_a_leased_row_is_passed_over_until_its_lease_runs_out(any_home: Home) -> None:
    put(any_home, 3)
    first = lease(any_home, 0, limit=2)
    assert len(lease(any_home, 1)) == 1
    assert lease(any_home, LEASE_SECONDS - 0.001) == []
    again = lease(any_home, LEASE_SECONDS)
    assert {parcel.id for parcel in again} == {parcel.id for parcel in first}
    assert {parcel.attempt for parcel in again} == {2}


def test_whoever_was_overtaken_settles_nothing(any_home: Home) -> None:
    put(any_home, 1)
    (slow,) = lease(any_home, 0)
    (quick,) = lease(any_home, LEASE_SECONDS)
    with any_home.store.write() as connection:
        assert outbox.postpone(connection, slow, later(NOW, 999), "slow") is False
        assert outbox.settle(connection, slow, NOW) is False
        assert outbox.settle(connection, quick, NOW) is True
        assert outbox.hold(connection, quick, "twice") is False
        row = connection.execute(select(table)).one()
    assert (row.state, row.sealed, row.problem, row.leased_until) == ("delivered", None, "", "")


def test_a_postponed_row_waits(any_home: Home) -> None:
    put(any_home, 1)
    (parcel,) = lease(any_home, 0)
    with any_home.store.write() as connection:
        assert outbox.postpone(connection, parcel, later(NOW, 60), "busy") is True
        assert outbox.ready(connection, outbox.UNADDRESSED, later(NOW, 59)) is False
        assert outbox.ready(connection, outbox.UNADDRESSED, later(NOW, 60)) is True
        (tally,) = outbox.tallies(connection, [])
    assert (tally.waiting, tally.oldest_waiting, tally.problem) == (1, NOW, "busy")


def test_other_channels_rows_are_not_ours(any_home: Home) -> None:
    put(any_home, 1)
    assert lease(any_home, 0, channel="ops") == []


def test_a_channel_that_has_nothing_is_tallied_too(home: Home) -> None:
    with home.store.read() as connection:
        assert outbox.tallies(connection, ["ops"]) == [outbox.Tally("ops", 0, 0, 0, "", "", "")]
