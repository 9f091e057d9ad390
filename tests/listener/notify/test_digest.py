from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.store import digest as table
from canaries.core.store import outbox
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from listener.notify import digest
from listener.notify.digest import Noted

START = "2026-11-22T12:00:00.000000Z"
CANARY = "00112233aabbccdd"
MINUTE = 60.0


def at(seconds: float) -> str:
    return rfc3339(parse_rfc3339(START) + timedelta(seconds=seconds))


def hit(home: Home, source: int = 1, canary: str = CANARY, seconds: float = 0) -> Noted:
    return Noted(
        canary=canary,
        kind="aws-key",
        label=Locker(home.keys.alerts).seal(b"in the wiki", canary.encode()),
        facet="secret",
        trap="http",
        observed_at=at(seconds),
        ip=f"198.51.{source >> 8}.{source & 255}",
        port=40_000 + source % 1000,
        facts={"network": {"asn": 64496}},
        client="curl/8",
        incident="abcd",
        source_tag=source.to_bytes(16, "big"),
    )


def note(home: Home, items: Sequence[Noted], seconds: float) -> None:
    with home.store.write() as connection:
        digest.note(connection, home, items, at(seconds))


def pass_time(home: Home, seconds: float) -> int:
    with home.store.write() as connection:
        assert digest.waiting(connection, at(seconds)) in (True, False)
        return digest.due(connection, home, at(seconds))


def alerts(home: Home) -> list[dict[str, Any]]:
    locker = Locker(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    found = [json.loads(locker.open(row.sealed, row.id.encode())) for row in rows]
    return sorted(found, key=lambda alert: (alert["at"], alert["id"]))


def told(home: Home) -> list[tuple[str, int]]:
    return [(alert["event"], alert["hits"]) for alert in alerts(home)]


def test_the_first_hit_of_a_source_is_told_at_once_with_all_that_is_known(any_home: Home) -> None:
    note(any_home, [hit(any_home, seconds=-1)], 0)
    (alert,) = alerts(any_home)
    assert alert == {
        "id": alert["id"],
        "event": "first",
        "at": START,
        "organisation": "Test Trust",
        "canary": CANARY,
        "kind": "aws-key",
        "memo": "in the wiki",
        "facet": "secret",
        "trap": "http",
        "hits": 1,
        "first_at": at(-1),
        "last_at": at(-1),
        "source": "198.51.0.1",
        "port": 40_001,
        "facts": {"network": {"asn": 64496}},
        "client": "curl/8",
        "incident": "abcd",
        "sequence": 0,
        "sources": 1,
    }


def test_further_hits_wait_for_windows_that_grow(any_home: Home) -> None:
    note(any_home, [hit(any_home)], 0)
    moments = []
    for minute in range(5, 2000, 5):  # a hit every five minutes for a day and more
        note(any_home, [hit(any_home, seconds=minute * MINUTE)], minute * MINUTE)
        if minute % 15 == 0 and pass_time(any_home, minute * MINUTE):
            moments.append(minute)
    assert moments == [15, 75, 435, 1875]
    assert told(any_home) == [("first", 1), ("digest", 3), ("digest", 12), ("digest", 72), ("digest", 288)]
    last = alerts(any_home)[-1]
    assert (last["first_at"], last["last_at"]) == (at(440 * MINUTE), at(1875 * MINUTE))
    assert (last["memo"], last["source"]) == ("in the wiki", "198.51.0.1")


def test_a_hit_after_a_quiet_window_is_told_at_once(home: Home) -> None:
    note(home, [hit(home)], 0)
    assert pass_time(home, 16 * MINUTE) == 0
    note(home, [hit(home)], 16 * MINUTE)
    assert told(home) == [("first", 1), ("digest", 1)]
    note(home, [hit(home)], 40 * MINUTE)  # the second window is an hour
    assert pass_time(home, 75 * MINUTE) == 0
    assert pass_time(home, 76 * MINUTE) == 1
    assert told(home)[2:] == [("digest", 1)]


def test_after_a_long_quiet_time_windows_start_small_again(home: Home) -> None:
    for day in range(4):
        note(home, [hit(home)], day * 86_400 * 3)
    note(home, [hit(home)], 9 * 86_400 + MINUTE)
    assert pass_time(home, 9 * 86_400 + 16 * MINUTE) == 1


def test_a_source_that_has_been_quiet_for_long_is_forgotten(home: Home) -> None:
    note(home, [hit(home)], 0)
    note(home, [hit(home, source=2)], 20 * 86_400)
    note(home, [hit(home, source=2)], 20 * 86_400)
    assert pass_time(home, 31 * 86_400) == 1
    with home.store.read() as connection:
        assert connection.scalars(select(table.c.source_tag)).all() == [(2).to_bytes(16, "big")]


def test_a_thief_is_named_at_once_behind_somebody_elses_noise(home: Home) -> None:
    note(home, [hit(home, source=1)] * 500, 0)
    note(home, [*[hit(home, source=1)] * 499, hit(home, source=2)], 1)
    assert told(home) == [("first", 500), ("first", 1)]
    assert alerts(home)[1]["source"] == "198.51.0.2"


def test_many_new_sources_are_summed_up_once_a_minute(any_home: Home) -> None:
    home = any_home
    note(home, [hit(home, source=number) for number in range(1, 101) for _ in range(3)], 0)
    assert told(home) == [("first", 3)] * 20
    note(home, [hit(home, source=number) for number in range(51, 151)], 30)
    assert pass_time(home, 59) == 0
    assert pass_time(home, 60) == 1
    (flood,) = [alert for alert in alerts(home) if alert["event"] == "flood"]
    assert (flood["sources"], flood["hits"]) == (130, 80 * 3 + 100)
    assert (flood["memo"], flood["canary"], flood["incident"]) == ("in the wiki", CANARY, "abcd")
    assert (flood["source"], flood["port"], flood["client"], flood["facts"]) == ("", 0, "", {})
    note(home, [hit(home, source=number) for number in range(200, 210)], 61)
    assert pass_time(home, 120) == 0
    assert pass_time(home, 121) == 1
    assert [alert["sources"] for alert in alerts(home) if alert["event"] == "flood"] == [130, 10]


def test_known_sources_keep_their_digests_in_a_flood_and_other_canaries_their_first_hits(home: Home) -> None:
    note(home, [hit(home, source=number) for number in range(1, 100)], 0)
    note(home, [hit(home, source=1), hit(home, source=500, canary="ff" * 8)], 1)
    assert told(home)[-1] == ("first", 1)
    assert alerts(home)[-1]["canary"] == "ff" * 8
    assert pass_time(home, 61) == 1
    assert pass_time(home, 15 * MINUTE) == 1
    assert told(home)[-1] == ("digest", 1)


def test_an_hour_later_new_sources_are_told_of_one_by_one_again(home: Home) -> None:
    note(home, [hit(home, source=number) for number in range(1, 30)], 0)
    pass_time(home, 60)
    note(home, [hit(home, source=25)], 3700)
    assert told(home)[-1] == ("first", 1)


def test_a_batch_of_one_source_costs_a_few_statements(any_home: Home) -> None:
    statements: list[str] = []
    batches = [[hit(any_home, seconds=number) for number in range(500)] for _ in range(3)]
    with any_home.store.write() as connection:

        def counted(*args: Any) -> None:
            statements.append(args[2])

        event.listen(connection, "before_cursor_execute", counted)
        for batch in batches:
            digest.note(connection, any_home, batch, at(500))
    assert len(statements) <= 15
    pass_time(any_home, 500 + 15 * MINUTE)
    assert told(any_home) == [("first", 500), ("digest", 1000)]


def test_two_writers_at_once_find_a_source_new_only_once(postgres_home: Home) -> None:
    _ = postgres_home.store
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        for number in range(5):
            note(postgres_home, [hit(postgres_home, source=number)] * 3, 0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told(postgres_home) == [("first", 3)] * 5
    pass_time(postgres_home, 15 * MINUTE)
    assert sum(hits for _, hits in told(postgres_home)) == 4 * 5 * 3


def test_nothing_about_a_source_lies_in_clear_and_it_goes_when_it_was_told(home: Home) -> None:
    note(home, [hit(home)], 0)
    note(home, [hit(home)], 1)
    with home.store.read() as connection:
        assert connection.scalar(select(func.count()).where(table.c.sealed.is_not(None))) == 1
    folder = home.path
    home.store.close()
    content = b"".join(path.read_bytes() for path in folder.glob("trapline.db*"))
    for secret in (b"198.51", b"curl/8", b"wiki", b"64496"):
        assert secret not in content
    pass_time(home, 15 * MINUTE)
    with home.store.read() as connection:
        assert connection.scalars(select(table.c.sealed)).all() == [None]


def test_the_memo_stays_away_where_the_settings_say_so(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", "[alerts]\nmemo = false\n")
    note(home, [hit(home)], 0)
    assert [alert["memo"] for alert in alerts(home)] == [""]
    home.store.close()


def test_a_label_that_does_not_open_costs_the_memo_only(home: Home) -> None:
    note(home, [replace(hit(home), label=b"rubbish"), replace(hit(home, source=2), label=None)], 0)
    assert [alert["memo"] for alert in alerts(home)] == ["", ""]


def test_a_replaced_key_costs_the_details_not_the_count(home: Home) -> None:
    note(home, [hit(home)], 0)
    note(home, [hit(home)] * 7, 1)
    (home.path / "keys" / "alerts").write_text("11" * 32)
    pass_time(home, 15 * MINUTE)
    with home.store.read() as connection:
        row = connection.execute(select(outbox).order_by(outbox.c.id.desc()).limit(1)).one()
    last = json.loads(Locker(home.keys.alerts).open(row.sealed, row.id.encode()))
    assert (last["hits"], last["canary"], last["source"]) == (7, CANARY, "")


STEP = st.tuples(
    st.sampled_from([0.5, 20, 61, 700, 4000, 90_000]),
    st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from(["a" * 16, "b" * 16]), st.integers(1, 9)), max_size=8
    ),
    st.booleans(),
)


@pytest.fixture
def small_flood(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    def make() -> Home:
        path = tmp_path_factory.mktemp("count") / "home"
        return Home.create(path, "[alerts]\nnew_sources_an_hour = 3\ndigest_minutes = [1, 10]\n")

    return make


@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, max_size=12))
def test_no_count_is_ever_lost(
    small_flood: Callable[[], Home], steps: list[tuple[float, list[tuple[int, str, int]], bool]]
) -> None:
    """Whatever comes in which order: once all windows are due, the alerts tell of exactly the hits there were."""
    home = small_flood()
    now, noted = 0.0, 0
    for pause, groups, look in steps:
        now += pause
        items = [hit(home, source, canary, now) for source, canary, count in groups for _ in range(count)]
        noted += len(items)
        note(home, items, now)
        if look:
            pass_time(home, now)
    pass_time(home, now + 86_400)
    assert sum(hits for _, hits in told(home)) == noted
    assert all(hits > 0 for _, hits in told(home))
    assert all(alert["sources"] > 0 for alert in alerts(home))
    home.store.close()
