"""What is kept of a watch: a mark, times, and sealed words; never the row's key."""

from __future__ import annotations

from sqlalchemy import select

from canaries.core.store import watch as table
from canaries.installation.home import Home
from canaries.plant.rows.table import address
from listener.sensors import watches
from tests.look_ups import URL, watch


def test_a_mark_is_of_the_table_however_its_url_is_written_and_of_this_installation(home: Home) -> None:
    one, same = address(URL), address(f"{URL.replace('admin@db', 'other@db:5432')}&sslmode=require")
    assert watches.mark(home, one, "17") == watches.mark(home, same, "17")
    other = address(URL.replace("subscribers", "people"))
    assert len({watches.mark(home, where, key) for where in (one, other) for key in ("17", "18")}) == 4


def test_from_begin_to_end(home: Home) -> None:
    [first], [second] = watch(home, "17"), watch(home, "18", until="2020-01-01T00:00:00.000000Z")
    where, now = address(URL), home.now()
    with home.store.write() as connection:
        assert watches.with_marks(home, connection, {first.mark, second.mark}, now) == {first.mark: first}
        assert watches.count_in(home, connection, watches.place(where), now) == 1
        assert [one.state(now) for one in watches.of_table(home, connection, where)] == [
            "watched",
            "past its end",
        ]
        watches.change(home, connection, [second], first.until, first.words)
        watches.end(connection, [first], now)
        watches.end(connection, [first], "2000-01-01T00:00:00.000000Z")
        kept = {one.id: one for one in watches.every(home, connection)}
        assert kept[first.id].ended_at == now
        assert (kept[first.id].state(now), kept[second.id].state(now)) == ("ended", "watched")
        assert watches.of_table(home, connection, where) == [kept[second.id]]
        rows = connection.execute(select(table)).all()
    assert all(b"threats" not in row.sealed for row in rows)
