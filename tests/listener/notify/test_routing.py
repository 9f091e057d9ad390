"""Which channel takes which alert, and when; above the allowance everything is counted and told together."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.clock import FixedClock
from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from listener.notify import digest, outbox, routing
from listener.notify.channels import Alert
from listener.notify.courier import Courier
from listener.notify.digest import Noted
from listener.notify.routing import Route

NOON = "2026-11-22T12:00:00.000000Z"
ALERT = Alert(id="1" * 32, event="first", at=NOON, kind="url", severity="medium", owner="ana", tags=("web",))


@pytest.mark.parametrize(
    ("route", "takes"),
    [
        (Route(), True),
        (Route(min_severity="high"), False),
        (Route(min_severity="medium"), True),
        (Route(kinds=("aws-key",)), False),
        (Route(kinds=("aws-key", "url")), True),
        (Route(tags=("db",)), False),
        (Route(tags=("db", "web")), True),
        (Route(owners=("ben",)), False),
        (Route(owners=("ana",)), True),
    ],
)
def test_o15_a_channel_takes_by_severity_kind_tag_and_owner(route: Route, takes: bool) -> None:
    assert route.takes(ALERT) is takes
    heartbeat = dataclasses.replace(ALERT, event="heartbeat", severity="", kind="", owner="", tags=())
    assert route.takes(heartbeat)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-22T20:59:59.000000Z", ""),
        ("2026-11-22T21:00:00.000000Z", "2026-11-23T06:00:00.000000Z"),
        ("2026-11-23T05:59:59.000000Z", "2026-11-23T06:00:00.000000Z"),
        ("2026-11-23T06:00:00.000000Z", ""),
    ],
)
def test_quiet_hours_are_those_of_the_operators_zone(now: str, until: str) -> None:
    assert Route(quiet_hours="22:00-07:00").quiet_until(now, "Europe/Paris") == until


@given(
    st.integers(0, 365 * 86_400),
    st.sampled_from(["", "Europe/Paris", "Asia/Kolkata"]),
)
def test_quiet_hours_end_within_a_day_whatever_the_zone_and_the_season(seconds: int, zone: str) -> None:
    now = outbox.later(NOON, seconds)
    until = Route(quiet_hours="23:30-06:15").quiet_until(now, zone)
    assert until == "" or now < until <= outbox.later(now, 86_400)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"quiet_hours": "late"}, "quiet_hours must look like"),
        ({"quiet_hours": "25:00-07:00"}, "quiet_hours must look like"),
        ({"messages_an_hour": 0}, "messages_an_hour must be"),
        ({"min_severity": "huge"}, "none of low, medium, high, critical"),
    ],
)
def test_a_bad_route_is_refused_by_name(section: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        routing.split("ops", section)


def test_a_channels_own_settings_are_left_to_it() -> None:
    route, rest = routing.split("ops", {"url": "x", "min_severity": "high", "type": "slack"})
    assert (route.min_severity, rest) == ("high", {"url": "x", "type": "slack"})


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    made: list[Home] = []

    def make(section: str) -> Home:
        channel = f'[channels.siem]\ntype = "file"\npath = "{tmp_path}/siem"\n{section}'
        toml = f"[alerts]\nheartbeat_hours = 0\n{channel}"
        made.append(Home.create(tmp_path / "home", toml, FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))))
        return made[-1]

    yield make
    for home in made:
        home.store.close()


def put(home: Home, *alerts: Alert) -> None:
    with home.store.write() as connection:
        outbox.enqueue(connection, home, list(alerts), home.now())


def lines(home: Home, courier: Courier) -> list[dict[str, Any]]:
    courier.tick()
    while courier.deliver("siem"):
        pass
    path = home.path.parent / "siem"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def wait(home: Home, seconds: float) -> None:
    assert isinstance(home.clock, FixedClock)
    home.clock.advance(seconds=seconds)


def some(count: int, **fields: Any) -> list[Alert]:
    return [
        dataclasses.replace(ALERT, id=f"{number:032x}", incident=f"{number:010x}", hits=number + 1, **fields)
        for number in range(count)
    ]


def test_above_the_allowance_everything_is_told_in_one_message_with_exact_counts(
    make_home: Callable[..., Home],
) -> None:
    home = make_home("messages_an_hour = 5\n")
    courier = Courier(home, say=lambda _: None)
    put(home, *some(100))
    assert len(lines(home, courier)) == 5
    wait(home, routing.FOLD_SECONDS)
    told = lines(home, courier)
    assert len(told) == 6
    assert (told[-1]["event"], told[-1]["incidents"]) == ("summary", 95)
    assert sum(line["hits"] for line in told) == sum(range(1, 101))
    wait(home, 3600)
    put(home, *some(1))
    assert len(lines(home, courier)) == 7


def test_noise_does_not_use_up_what_is_kept_for_what_is_urgent(make_home: Callable[..., Home]) -> None:
    home = make_home("messages_an_hour = 5\n")
    put(home, *some(100))
    put(home, dataclasses.replace(ALERT, severity="high", incident="ffff"))
    told = lines(home, Courier(home, say=lambda _: None))
    assert [line["severity"] for line in told] == ["medium"] * 5 + ["high"]


def test_in_quiet_hours_only_what_is_urgent_goes_and_the_rest_follows_as_one(
    make_home: Callable[..., Home],
) -> None:
    home = make_home('quiet_hours = "11:00-13:00"\n')
    courier = Courier(home, say=lambda _: None)
    put(home, *some(7), dataclasses.replace(ALERT, id="f" * 32, severity="high", incident="ffff", hits=1))
    assert [line["incident"] for line in lines(home, courier)] == ["ffff"]
    wait(home, 3600)
    told = lines(home, courier)
    assert [(line["event"], line["hits"]) for line in told[1:]] == [("summary", sum(range(1, 8)))]
    assert "0000000006: MEDIUM: url used" in told[1]["note"] or "MEDIUM: url used" in told[1]["note"]


def noted(source: int, canary: int, incident: str) -> Noted:
    tag = source.to_bytes(16, "big")
    facts: Any = {"verdict": {"severity": "high"}}
    return Noted(
        f"{canary:016x}", "url", None, "path", "http", NOON, "192.0.2.1", 1, facts, "curl", incident, tag
    )


@pytest.mark.soak
def test_97200_hits_of_150_sources_on_39_canaries_are_at_most_200_messages(
    make_home: Callable[..., Home],
) -> None:
    hail(make_home, 1_296)


def test_o11_thousands_of_hits_of_150_sources_on_39_canaries_are_at_most_200_messages(
    make_home: Callable[..., Home],
) -> None:
    """A sixth of them in the same seconds; `make soak` takes all 97,200."""
    hail(make_home, 216)


def hail(make_home: Callable[..., Home], a_second: int) -> None:
    """As the incidents fell in that run: one for each canary. The hits of a second in each batch."""
    home = make_home("")
    courier = Courier(home, say=lambda _: None)
    count = 0
    for second in range(75):
        batch = [
            noted(number % 150, number % 39, f"{number % 39:010x}")
            for number in range(second * a_second, (second + 1) * a_second)
        ]
        count += len(batch)
        with home.store.write() as connection:
            digest.note(connection, home, batch, home.now())
        lines(home, courier)
        wait(home, 1)
    for _ in range(48):
        wait(home, 1800)
        lines(home, courier)
    told = lines(home, courier)
    assert count == 75 * a_second
    assert sum(line["hits"] for line in told) == count
    assert len(told) <= 200
