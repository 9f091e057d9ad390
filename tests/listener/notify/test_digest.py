"""The unit of telling is the incident, and no count is ever lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select

from canaries.core import store
from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.store import notice as table
from canaries.core.store import outbox
from canaries.crypto.labels import CanaryLabel, seal_label, seal_place
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from listener.notify import digest
from listener.notify.digest import Noted
from tests import steady

START = "2026-11-22T12:00:00.000000Z"
CANARY = "00112233aabbccdd"
MINUTE = 60.0
LOW: Any = {"verdict": {"severity": "low", "kind": "likely_preview"}}
HIGH: Any = {"verdict": {"severity": "high", "kind": "automated_tool"}}


def at(seconds: float) -> str:
    return rfc3339(parse_rfc3339(START) + timedelta(seconds=seconds))


def hit(
    source: int = 1,
    canary: str = CANARY,
    seconds: float = 0,
    *,
    incident: str = "abcd",
    facts: Any = None,
    facet: str = "secret",
) -> Noted:
    return Noted(
        canary=canary,
        kind="aws-key",
        label=None,
        facet=facet,
        trap="http",
        observed_at=at(seconds),
        ip=f"198.51.{source >> 8}.{source & 255}",
        port=40_000 + source % 1000,
        facts=HIGH | {"network": {"asn": 64496}} if facts is None else facts,
        client="curl/8",
        incident=incident,
        source_tag=source.to_bytes(16, "big"),
        request="GET /v1/balance",
    )


def mint_row(home: Home, canary: str = CANARY, **row: str) -> None:
    """A canary as minting indexes it, with a label and a place."""
    locker = Locker(home.keys.alerts)
    label = CanaryLabel(memo="in the wiki", recipient="Ben", owner="ana", tags=("web",))
    values = {"id": canary, "entry_id": "", "kind": "aws-key", "created_at": START, "expires_at": ""} | row
    place = {"id": "cd" * 8, "entry_id": "", "canary_id": canary, "planted_at": START, "state": "there"}
    with home.store.write() as connection:
        connection.execute(insert(store.canary).values(label=seal_label(locker, canary, label), **values))
        sealed = seal_place(locker, "cd" * 8, "/srv/site/.env")
        connection.execute(insert(store.placement).values(**place, label=sealed))


def note(home: Home, items: Sequence[Noted], seconds: float) -> None:
    """As intake does: the hits' rows first, then the notices."""
    with home.store.write() as connection:
        for number, item in enumerate(items):
            row = {
                "id": f"{seconds:012.3f}-{number}-{len(items)}",
                "canary_id": item.canary,
                "facet": item.facet,
            }
            row |= {"trap": "http", "observed_at": item.observed_at, "sighting": row["id"], "derived_id": ""}
            values: dict[str, Any] = row | {"source_tag": item.source_tag, "incident_id": item.incident}
            connection.execute(insert(store.hit).values(**values))
        digest.note(connection, home, items, at(seconds))


def pass_time(home: Home, seconds: float) -> int:
    with home.store.write() as connection:
        if not digest.waiting(connection, at(seconds)):
            return 0
        return digest.due(connection, home, at(seconds))


def alerts(home: Home) -> list[dict[str, Any]]:
    locker = Locker(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    found = [json.loads(locker.open(row.sealed, row.id.encode())) for row in rows]
    return sorted(found, key=lambda alert: (alert["at"], alert["id"]))


def told(home: Home) -> list[tuple[str, int]]:
    return [(alert["event"], alert["hits"]) for alert in alerts(home)]


def test_f13_the_first_sign_is_told_at_once_with_what_lay_where_and_how_severe_it_is(any_home: Home) -> None:
    mint_row(any_home)
    note(any_home, [hit(seconds=-1)], 0)
    (alert,) = alerts(any_home)
    wanted = {
        "event": "first",
        "at": START,
        "organisation": "Test Trust",
        "canary": CANARY,
        "memo": "in the wiki",
        "recipient": "Ben",
        "owner": "ana",
        "tags": ["web"],
        "places": ["/srv/site/.env"],
        "severity": "high",
        "request": "GET /v1/balance",
        "hits": 1,
        "total": 1,
        "canaries": 1,
        "sources": 1,
        "first_at": at(-1),
        "last_at": at(-1),
        "source": "198.51.0.1",
        "incident": "abcd",
        "status": "",
    }
    assert {name: alert[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("row", "status"), [({"retired_at": START}, "retired"), ({"expires_at": START}, "expired")]
)
def test_f8_retired_and_expired_are_in_the_alert(home: Home, row: dict[str, str], status: str) -> None:
    mint_row(home, **row)
    note(home, [hit()], 1)
    assert alerts(home)[0]["status"] == status


def test_f7_o11_three_hundred_canaries_of_one_source_are_one_message_and_then_one_more(
    any_home: Home,
) -> None:
    for number in range(300):
        note(any_home, [hit(canary=f"{number:016x}", seconds=number / 100)], number / 100)
    assert told(any_home) == [("first", 1)]
    assert pass_time(any_home, 60) == 1
    last = alerts(any_home)[-1]
    assert (last["event"], last["hits"], last["total"], last["canaries"]) == ("digest", 299, 300, 300)


def test_growth_waits_for_windows_that_grow(home: Home) -> None:
    note(home, [hit()], 0)
    moments: list[Any] = []
    for minute in range(5, 2200, 5):
        note(home, [hit(seconds=minute * MINUTE)], minute * MINUTE)
        if pass_time(home, minute * MINUTE) or told(home)[len(moments) + 1 :]:
            moments.append(minute)
    assert moments == [5, 20, 80, 440, 1880]
    assert told(home) == [
        ("first", 1),
        ("digest", 1),
        ("digest", 3),
        ("digest", 12),
        ("digest", 72),
        ("digest", 288),
    ]


def test_a_hit_after_a_quiet_window_is_told_at_once(home: Home) -> None:
    note(home, [hit()], 0)
    note(home, [hit()], 5 * MINUTE)
    assert told(home) == [("first", 1), ("digest", 1)]
    note(home, [hit()], 6 * MINUTE)  # the second window is a quarter of an hour
    assert pass_time(home, 19 * MINUTE) == 0
    assert pass_time(home, 20 * MINUTE) == 1


def test_after_a_long_quiet_time_windows_start_small_again(home: Home) -> None:
    for day in range(4):
        note(home, [hit()], day * 86_400 * 3)
    note(home, [hit()], 9 * 86_400 + 1)
    assert pass_time(home, 9 * 86_400 + 59) == 0
    assert pass_time(home, 9 * 86_400 + 61) == 1


def test_something_weightier_breaks_through_once_for_each_step(home: Home) -> None:
    note(home, [hit(facts=LOW, facet="path")], 0)
    note(home, [hit(facts=LOW, facet="path")], 1)
    note(home, [hit(facts=LOW, facet="secret")], 2)  # the credential, after a preview
    note(home, [hit(facts=HIGH, facet="secret")], 3)
    note(home, [hit(facts=HIGH, facet="secret")] * 9, 4)
    assert told(home) == [("first", 1), ("stronger", 2), ("stronger", 1)]
    assert [alert["why"] for alert in alerts(home)] == ["", "now with a credential", "now more severe"]
    assert alerts(home)[-1]["severity"] == "high"


def test_a_second_network_breaks_through_once(home: Home) -> None:
    note(home, [hit(facts=HIGH | {"network": {"asn": 1}})], 0)
    for number in range(2, 9):
        note(home, [hit(source=number, facts=HIGH | {"network": {"asn": number}})], number)
    assert told(home) == [("first", 1), ("stronger", 1)]
    assert alerts(home)[1]["why"] == "now from a second network"


def test_an_export_a_message_and_a_sign_in_are_told_at_once_each(home: Home) -> None:
    for seconds, deed in enumerate(("record_given_out", "unauthorised_send", "used_inside", "used_inside")):
        severity = "critical" if deed == "unauthorised_send" else "high"
        facts = {"verdict": {"severity": severity, "kind": "unknown", "event": deed}}
        note(home, [hit(seconds=seconds, facts=facts, canary=f"{seconds:016x}")], seconds)
    assert [(alert["event"], alert["why"], alert["canary"][-1]) for alert in alerts(home)] == [
        ("first", "", "0"),
        ("stronger", "now more severe", "1"),
        ("stronger", "now also: used inside an application", "2"),
    ]


def test_a_theft_is_told_at_once_behind_somebody_elses_noise(home: Home) -> None:
    note(home, [hit(facts=LOW, facet="path", incident="noise")] * 500, 0)
    note(home, [*[hit(facts=LOW, facet="path", incident="noise")] * 499, hit(source=2)], 1)
    assert told(home) == [("first", 500), ("first", 1)]
    assert alerts(home)[1]["source"] == "198.51.0.2"


@pytest.mark.parametrize("mark", ["own", "mute"])
def test_m1_what_a_rule_marks_is_counted_and_does_not_ring(home: Home, mark: str) -> None:
    marked = HIGH | {"operator_rule": {"mark": mark}}
    note(home, [hit(facts=marked)] * 3, 0)
    assert told(home) == []
    note(home, [hit(source=2)], 5)
    assert told(home) == [("first", 1)]
    assert alerts(home)[0]["total"] == 1


def test_ones_own_test_is_told_at_once_and_leaves_the_incident_alone(home: Home) -> None:
    note(home, [hit(facts=HIGH | {"operator_rule": {"mark": "test"}})] * 2, 0)
    note(home, [hit(source=2)], 1)
    assert told(home) == [("used-in-test", 2), ("first", 1)]


def test_what_is_acknowledged_tells_only_what_breaks_through(home: Home) -> None:
    note(home, [hit(facts=LOW)], 0)
    with home.store.write() as connection:
        connection.execute(table.update().values(held_until="9999"))
    note(home, [hit(facts=LOW)] * 5, 1)
    assert pass_time(home, 86_400) == 0
    note(home, [hit(facts=HIGH)], 90_000)
    assert told(home) == [("first", 1), ("stronger", 6)]


def test_what_is_snoozed_is_told_when_that_ends(home: Home) -> None:
    note(home, [hit()], 0)
    with home.store.write() as connection:
        connection.execute(table.update().values(held_until=at(3600)))
    note(home, [hit()] * 5, 1)
    assert pass_time(home, 3599) == 0
    assert pass_time(home, 3600) == 1
    assert told(home) == [("first", 1), ("digest", 5)]


def test_o9_hits_that_were_recorded_and_never_noted_are_told_later(any_home: Home) -> None:
    mint_row(any_home)
    note(any_home, [hit()], 0)
    with any_home.store.write() as connection:
        for name, hits in (("abcd", 4), ("ef01", 2)):
            row = {"id": name, "opened_at": START, "last_at": START, "hits": hits, "state": "open"}
            connection.execute(insert(store.incident).values(**row))
        values = {"id": "1", "canary_id": CANARY, "facet": "secret", "trap": "dns", "observed_at": START}
        more: dict[str, Any] = {
            "sighting": "s",
            "source_tag": bytes(16),
            "incident_id": "ef01",
            "derived_id": "",
        }
        connection.execute(insert(store.hit).values(**values, **more))
        assert digest.catch_up(connection, any_home, at(30)) == 2
        assert digest.catch_up(connection, any_home, at(60)) == 0
    assert sorted(told(any_home)) == [("digest", 3), ("first", 1), ("first", 2)]
    assert {alert["memo"] for alert in alerts(any_home)} == {"in the wiki"}


def test_what_release_0_1_had_counted_is_told_once(any_home: Home) -> None:
    key = f"{CANARY}:{bytes(16).hex()}"
    row: dict[str, Any] = {"key": key, "canary_id": CANARY, "source_tag": bytes(16), "level": 2, "hits": 41}
    row |= {"born_at": START, "due_at": at(3600), "first_at": at(-9), "last_at": at(-1)}
    with any_home.store.write() as connection:
        connection.execute(insert(store.digest).values(**row))
    assert pass_time(any_home, 0) == 1
    assert pass_time(any_home, 1) == 0
    assert told(any_home) == [("digest", 41)]


def test_a_batch_of_one_incident_costs_a_few_statements(any_home: Home) -> None:
    statements: list[str] = []
    batches = [[hit(seconds=number) for number in range(500)] for _ in range(3)]
    with any_home.store.write() as connection:

        def counted(*args: Any) -> None:
            statements.append(args[2])

        event.listen(connection, "before_cursor_execute", counted)
        for batch in batches:
            digest.note(connection, any_home, batch, at(500))
    assert len(statements) <= 16
    pass_time(any_home, 500 + 15 * MINUTE)
    assert told(any_home) == [("first", 500), ("digest", 1000)]


def test_two_writers_at_once_find_an_incident_new_only_once(postgres_home: Home) -> None:
    _ = postgres_home.store
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        for number in range(5):
            with postgres_home.store.write() as connection:
                digest.note(connection, postgres_home, [hit(incident=f"{number}")] * 3, START)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(steady.PATIENCE)
    assert told(postgres_home) == [("first", 3)] * 5
    pass_time(postgres_home, 15 * MINUTE)
    assert sum(hits for _, hits in told(postgres_home)) == 4 * 5 * 3


def test_nothing_about_a_source_lies_in_clear(home: Home) -> None:
    mint_row(home)
    note(home, [hit()], 0)
    note(home, [hit()], 1)
    folder = home.path
    home.store.close()
    content = b"".join(path.read_bytes() for path in folder.glob("trapline.db*"))
    for secret in (b"198.51", b"curl/8", b"wiki", b"64496", b"/srv/site"):
        assert secret not in content


def test_the_memo_stays_away_where_the_settings_say_so(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", "[alerts]\nmemo = false\n")
    mint_row(home)
    note(home, [hit()], 0)
    assert [(alert["memo"], alert["recipient"]) for alert in alerts(home)] == [("", "")]
    home.store.close()


def test_a_replaced_key_costs_the_details_not_the_count(home: Home) -> None:
    mint_row(home)
    note(home, [hit()], 0)
    note(home, [hit()] * 7, 1)
    (home.path / "keys" / "alerts").write_text("11" * 32)
    fresh = Home.open(home.path)
    with fresh.store.write() as connection:
        digest.due(connection, fresh, at(15 * MINUTE))
        row = connection.execute(select(outbox).order_by(outbox.c.id.desc()).limit(1)).one()
    last = json.loads(Locker(fresh.keys.alerts).open(row.sealed, row.id.encode()))
    assert (last["hits"], last["total"], last["source"]) == (7, 8, "")
    fresh.store.close()


STEP = st.tuples(
    st.sampled_from([0.5, 20, 61, 700, 4000, 90_000]),
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(["path", "secret"]), st.integers(1, 9)), max_size=8
    ),
    st.booleans(),
)


@pytest.fixture
def short_windows(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    def make() -> Home:
        path = tmp_path_factory.mktemp("count") / "home"
        channel = '[channels.x]\ntype = "console"\nmessages_an_hour = 3\n'
        return Home.create(path, "[alerts]\ndigest_minutes = [1, 10]\n" + channel)

    return make


@hypothesis_settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, max_size=12))
def test_no_count_is_ever_lost(
    short_windows: Callable[[], Home], steps: list[tuple[float, list[tuple[int, str, int]], bool]]
) -> None:
    """Whatever comes in which order, above the allowance too: the alerts tell of exactly the hits there were."""
    home = short_windows()
    now, noted = 0.0, 0
    for pause, groups, look in steps:
        now += pause
        items = [
            hit(number, seconds=now, incident=str(number), facet=facet)
            for number, facet, count in groups
            for _ in range(count)
        ]
        noted += len(items)
        note(home, items, now)
        if look:
            pass_time(home, now)
    pass_time(home, now + 86_400)
    assert sum(hits for _, hits in told(home)) == noted
    assert all(hits > 0 for _, hits in told(home))
    home.store.close()
