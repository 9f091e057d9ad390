"""The rota: hours of weekdays, over midnight and over the week's end; an hour that nobody has silences nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.clock import FixedClock, rfc3339
from canaries.core.errors import SettingsError
from canaries.core.settings import Settings, parse
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import queries
from listener.notify import duty
from listener.notify.configured import channels
from listener.notify.courier import Courier
from listener.notify.routing import Route

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def table(zone: str = "", **hours: list[str]) -> duty.Rota:
    sections = {name: {"hours": spans} for name, spans in hours.items()}
    return duty.rota(parse({"duty": sections, "operator": {"timezone": zone}}, {}))


@pytest.mark.parametrize(
    ("hours", "moment", "here"),
    [
        ("mon-fri 08:00-18:00", "2026-11-23T08:00", True),
        ("mon-fri 08:00-18:00", "2026-11-23T07:59", False),
        ("mon-fri 08:00-18:00", "2026-11-23T18:00", False),
        ("mon-fri 08:00-18:00", "2026-11-22T12:00", False),
        ("sat-sun", "2026-11-22T23:59", True),
        ("sat-sun", "2026-11-23T00:00", False),
        ("fri-mon", "2026-11-23T12:00", True),
        ("fri-mon", "2026-11-24T12:00", False),
        ("sun 22:00-06:00", "2026-11-23T05:59", True),
        ("sun 22:00-06:00", "2026-11-22T05:59", False),
        ("22:00-06:00", "2026-11-25T05:59", True),
        ("Wed", "2026-11-25T12:00", True),
    ],
)
def test_hours(hours: str, moment: str, here: bool) -> None:
    assert table(ann=[hours]).on_duty(f"{moment}:00.000000Z") == (["ann"] if here else [])


def test_hours_are_those_of_the_operators_time_zone() -> None:
    found = table("Asia/Tokyo", ann=["mon 00:00-08:00"])
    assert found.on_duty("2026-11-22T15:00:00.000000Z") == ["ann"]
    assert found.on_duty("2026-11-22T14:59:59.000000Z") == []


@pytest.mark.parametrize("hours", ["", "mo", "mon-fri 8-18", "mon 25:00-26:00", "always", "mon,tue"])
def test_what_are_no_hours_is_refused_by_name(hours: str) -> None:
    with pytest.raises(SettingsError, match=r"duty\.ann: .* are no hours"):
        table(ann=[hours])


@given(
    st.lists(st.sampled_from(["mon-fri 08:00-18:00", "sat", "22:00-06:00"]), max_size=2),
    st.lists(st.sampled_from(["tue", "mon-fri 18:00-08:00"]), max_size=2),
    st.integers(0, 7 * 24 * 60),
)
def test_at_no_hour_nobody_is_told(ann: list[str], bo: list[str], minute: int) -> None:
    routes = {"a": Route(duty=("ann",)), "b": Route(duty=("bo",))}
    at = rfc3339(datetime.fromtimestamp(SUNDAY.timestamp() + 60 * minute, UTC))
    found = table(ann=ann, bo=bo)
    here = set(found.on_duty(at))
    told = found.addressed(routes, at)
    assert told == ({name for name, route in routes.items() if here & set(route.duty)} or {"a", "b"})
    assert "c" in found.addressed({**routes, "c": Route()}, at)


def test_a_channel_of_somebody_without_hours_is_refused(tmp_path: Path) -> None:
    toml = '[channels.a]\ntype = "file"\npath = "/dev/null"\nduty = ["ann"]\n'
    with (
        Home.create(tmp_path / "home", toml) as home,
        pytest.raises(SettingsError, match="names 'ann', who has no hours"),
    ):
        channels(home)
    assert duty.rota(Settings()).on_duty(rfc3339(SUNDAY)) == []


TOML = """[alerts]
heartbeat_hours = 0
[duty.ann]
hours = ["sat-sun 08:00-20:00"]
[duty.bo]
hours = ["sat-sun 20:00-08:00"]
"""


def test_who_is_on_duty_is_told_and_who_is_when_it_escalates(
    tmp_path: Path, strike: Callable[..., str]
) -> None:
    """A hit at 19:50: Ann at once; ten minutes after the change of shift, Bo by escalation, and not Ann again."""
    toml, clock = TOML, FixedClock(SUNDAY.replace(hour=19, minute=50))
    for name, who, minutes in (("a", "ann", 0), ("b", "bo", 0), ("a2", "ann", 20), ("b2", "bo", 20)):
        toml += f'[channels.{name}]\ntype = "file"\npath = "{tmp_path}/{name}"\nduty = ["{who}"]\n'
        toml += f"escalate_minutes = {minutes}\n"
    with Home.create(tmp_path / "home", toml, clock) as home:
        strike(home, next(iter(mint(home, "url"))).canary)
        courier = Courier(home, say=lambda _: None)

        def told() -> dict[str, bool]:
            courier.tick()
            for name in ("a", "b", "a2", "b2"):
                while courier.deliver(name):
                    pass
            return {name: (tmp_path / name).is_file() for name in ("a", "b", "a2", "b2")}

        assert told() == {"a": True, "b": False, "a2": False, "b2": False}
        clock.advance(seconds=21 * 60)
        assert told() == {"a": True, "b": False, "a2": False, "b2": True}
        assert queries.incidents(home)[0].state == "open"
