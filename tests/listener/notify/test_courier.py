from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import select, update

from canaries.core import settings
from canaries.core.clock import FixedClock
from canaries.core.errors import NotFoundError, SettingsError
from canaries.core.store import outbox as table
from canaries.installation.home import Home
from listener.notify import digest, heartbeat, operator_retries, outbox
from listener.notify.channels import Alert, Attempt, Channel, DeliveryError, Receipt
from listener.notify.courier import Courier
from listener.notify.digest import Noted
from tests import steady

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUIET = "[alerts]\nheartbeat_hours = 0\n"

Make = Callable[..., Home]


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Make]:
    """Homes with these channels and a clock that stands still."""
    made: list[Home] = []

    def make(channels: str = "", url: str = "", alerts: str = QUIET) -> Home:
        store = f'[store]\nurl = "{url}"\n' if url else ""
        home = Home.create(tmp_path / f"home{len(made)}", alerts + store + channels, FixedClock(START))
        made.append(home)
        return home

    yield make
    for home in made:
        home.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def make_any(request: pytest.FixtureRequest, make_home: Make) -> Make:
    if request.param == "sqlite":
        return make_home
    url = request.getfixturevalue("postgres_url")
    return lambda channels="", alerts=QUIET: make_home(channels, url, alerts)


def hook(http_receiver: Any, name: str = "ops") -> str:
    return f'[channels.{name}]\ntype = "slack"\nurl = "{http_receiver.url}/{name}"\nallow = ["127.0.0.1"]\n'


def file(path: Path, name: str = "siem") -> str:
    return f'[channels.{name}]\ntype = "file"\npath = "{path}"\n'


def put(home: Home, *ids: str) -> None:
    alerts = [
        Alert(id=one, event="first", at=home.now(), canary="aa" * 8, hits=2, source="203.0.113.9")
        for one in ids
    ]
    with home.store.write() as connection:
        outbox.enqueue(connection, home, alerts, home.now())


def courier(home: Home, said: list[str] | None = None, draw: float = 1.0) -> Courier:
    return Courier(home, draw=lambda: draw, say=(said if said is not None else []).append, poll_seconds=0.02)


def rows(home: Home) -> list[Any]:
    with home.store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def entries(home: Home, kind: str) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, kind)]


def advance(home: Home, **delta: float) -> None:
    assert isinstance(home.clock, FixedClock)
    home.clock.advance(**delta)


def noted(source: int) -> Noted:
    tag, seen = source.to_bytes(16, "big"), "2026-11-22T12:00:00.000000Z"
    return Noted("aa" * 8, "url", None, "path", "http", seen, f"192.0.2.{source}", 1, {}, "curl", "x", tag)


def test_a_delivered_alert_is_an_entry_and_its_content_is_gone(make_any: Make, http_receiver: Any) -> None:
    home = make_any(hook(http_receiver))
    put(home, "11" * 16)
    assert courier(home).deliver("ops") == 1
    assert courier(home).deliver("ops") == 0
    (row,) = rows(home)
    assert (row.state, row.sealed, row.attempts) == ("delivered", None, 1)
    assert entries(home, "alerted") == [
        {
            "alert": "11" * 16,
            "attempt": 1,
            "canary": "aa" * 8,
            "channel": "ops",
            "event": "first",
            "hits": 2,
            "incident": "",
            "receipt": "HTTP 200",
        }
    ]
    assert len(http_receiver.requests) == 1


def test_each_channel_gets_each_alert(make_home: Make, http_receiver: Any, tmp_path: Path) -> None:
    home = make_home(hook(http_receiver) + file(tmp_path / "out"))
    put(home, "11" * 16, "22" * 16)
    one = courier(home)
    while one.deliver("ops") + one.deliver("siem"):
        pass
    assert len(http_receiver.requests) == 2
    lines = (tmp_path / "out").read_text().splitlines()
    assert sorted(json.loads(line)["id"][:2] for line in lines) == ["11", "22"]


def test_a_receiver_that_is_away_for_ten_minutes_gets_each_digest_once(
    make_any: Make, http_receiver: Any
) -> None:
    home = make_any(hook(http_receiver), alerts=QUIET + "digest_minutes = [3, 60]\n")
    one = courier(home, draw=0.3)
    http_receiver.status = 503
    noted_hits = 0
    for second in range(0, 1800, 10):
        if second == 600:
            http_receiver.status = 200
            assert http_receiver.requests
            http_receiver.requests.clear()
        if second < 240:
            with home.store.write() as connection:
                digest.note(connection, home, [noted(1), noted(1)], home.now())
            noted_hits += 2
        one.tick()
        while one.deliver("ops"):
            pass
        advance(home, seconds=10)
    words = [json.loads(body)["text"] for _, _, body in http_receiver.requests]
    assert sorted(words) == [
        "MEDIUM: url used",
        "MEDIUM: url used: 12 more hits",
        "MEDIUM: url used: 34 more hits",
    ]
    bodies = entries(home, "alerted")
    assert sorted(body["hits"] for body in bodies) == [2, 12, 34]
    assert len({body["alert"] for body in bodies}) == 3
    advance(home, hours=2)
    one.tick()
    while one.deliver("ops"):
        pass
    assert sum(body["hits"] for body in entries(home, "alerted")) == noted_hits
    assert entries(home, "alert-failed") == []


def test_attempts_come_at_growing_jittered_capped_distances(make_home: Make, http_receiver: Any) -> None:
    home = make_home(hook(http_receiver))
    http_receiver.status = 500
    put(home, "11" * 16)
    distances = []
    for draw in (1.0, 0.0, 1.0, 0.5, *[1.0] * 10):
        assert courier(home, draw=draw).deliver("ops") == 1
        (row,) = rows(home)
        wait = (datetime.fromisoformat(row.due_at) - home.clock.now()).total_seconds()
        distances.append(wait)
        advance(home, seconds=wait - 0.001)
        assert courier(home).deliver("ops") == 0
        advance(home, seconds=0.001)
    assert distances[:4] == [5.0, 5.0, 20.0, 30.0]
    assert distances[-3:] == [3600.0] * 3


@pytest.mark.parametrize(("wish", "wait"), [("600", 600.0), ("1", 5.0), ("99999999", 86_400.0)])
def test_retry_after_is_honoured_within_reason(
    make_home: Make, http_receiver: Any, wish: str, wait: float
) -> None:
    home = make_home(hook(http_receiver))
    http_receiver.status, http_receiver.headers = 429, {"Retry-After": wish}
    put(home, "11" * 16)
    courier(home).deliver("ops")
    (row,) = rows(home)
    assert datetime.fromisoformat(row.due_at) - home.clock.now() == datetime.resolution * int(wait * 1e6)


@pytest.mark.parametrize("status", [302, 400, 403, 404, 410, 413])
def test_f6_o2_what_an_operator_can_mend_waits_and_goes_once_it_is_mended(
    make_any: Make, http_receiver: Any, status: int
) -> None:
    home = make_any(hook(http_receiver))
    http_receiver.status = status
    put(home, "11" * 16)
    said: list[str] = []
    courier(home, said).deliver("ops")
    (row,) = rows(home)
    assert row.state == "waiting"
    assert row.sealed is not None
    assert str(status) in row.problem
    assert "tried again until it goes" in said[0]
    assert entries(home, "alert-failed") == []
    http_receiver.status = 200
    advance(home, days=1)
    assert courier(home).deliver("ops") == 1
    assert [row.state for row in rows(home)] == ["delivered"]


def test_f1_o1_what_is_refused_as_malformed_goes_at_once_in_its_plainest_form(
    make_any: Make, http_receiver: Any
) -> None:
    home = make_any(hook(http_receiver))
    http_receiver.judge = lambda path, headers, body: (400, b"no") if b"blocks" in body else (200, b"ok")
    put(home, "11" * 16)
    courier(home).deliver("ops")
    assert [row.state for row in rows(home)] == ["delivered"]
    rich, simple = (json.loads(body) for _, _, body in http_receiver.requests)
    assert "blocks" in rich
    assert "203.0.113.9" in simple["text"]
    assert simple["text"].isascii()


def test_a_wrong_password_is_not_tried_for_each_alert(make_home: Make, http_receiver: Any) -> None:
    home = make_home(hook(http_receiver))
    http_receiver.status = 403
    put(home, *[f"{number:032x}" for number in range(50)])
    one = courier(home)
    for _ in range(720):
        one.deliver("ops")
        advance(home, seconds=5)
    assert 5 <= len(http_receiver.requests) <= 15
    http_receiver.status = 200
    http_receiver.requests.clear()
    advance(home, hours=1)
    while one.deliver("ops"):
        pass
    assert len(http_receiver.requests) == 50


def test_a_receiver_that_is_wrong_for_a_day_and_then_mended_gets_everything_once(
    make_home: Make, http_receiver: Any, tmp_path: Path
) -> None:
    home = make_home(hook(http_receiver) + file(tmp_path / "out"))
    one = courier(home)
    statuses = [403, 404, 500, 302, 410, 429, 400, 503]
    for hour in range(24):
        http_receiver.status = statuses[hour % len(statuses)]
        put(home, f"{hour:032x}")
        for _ in range(4):
            while one.deliver("ops"):
                pass
            one.deliver("siem")
            advance(home, minutes=15)
    http_receiver.status = 200
    http_receiver.requests.clear()
    advance(home, hours=1)
    while one.deliver("ops") + one.deliver("siem"):
        pass
    delivered = [body["alert"] for body in entries(home, "alerted") if body["event"] == "first"]
    assert sorted(delivered) == sorted([f"{hour:032x}" for hour in range(24)] * 2)
    assert len(http_receiver.requests) == 24
    assert entries(home, "alert-failed") == []


def test_o2_the_other_channels_are_told_once_that_one_does_not_deliver_and_once_that_it_does(
    make_any: Make, http_receiver: Any, tmp_path: Path
) -> None:
    home = make_any(hook(http_receiver) + file(tmp_path / "out"))
    http_receiver.status = 403
    put(home, "11" * 16, "22" * 16)
    one = courier(home)
    for _ in range(50):
        one.deliver("ops")
        one.deliver("siem")
        advance(home, minutes=5)
    lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    (down,) = [line for line in lines if line["event"] == "channel-down"]
    assert "Channel: ops" in down["note"].replace("\\x0a", "\n")
    assert "HTTP 403" in down["note"]
    http_receiver.status = 200
    advance(home, hours=1)
    while one.deliver("ops") + one.deliver("siem"):
        pass
    lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [line["event"] for line in lines].count("channel-up") == 1


def test_a_receiver_that_is_only_away_is_spoken_of_after_a_quarter_of_an_hour(
    make_home: Make, http_receiver: Any, tmp_path: Path
) -> None:
    home = make_home(hook(http_receiver) + file(tmp_path / "out"))
    http_receiver.status = 503
    put(home, "11" * 16)
    one = courier(home)
    told = []
    for _ in range(40):
        one.deliver("ops")
        told.append(sum(row.channel == "siem" for row in rows(home)))
        advance(home, minutes=1)
    assert told[:15] == [1] * 15
    assert told[-1] == 2


def test_what_nothing_helped_for_a_week_is_held_with_its_content_until_somebody_says(
    make_home: Make, http_receiver: Any
) -> None:
    home = make_home(hook(http_receiver))
    http_receiver.status = 500
    put(home, "11" * 16)
    courier(home).deliver("ops")
    advance(home, days=7, seconds=1)
    said: list[str] = []
    courier(home, said).deliver("ops")
    (row,) = rows(home)
    assert row.state == "held"
    assert row.sealed is not None
    assert len(entries(home, "alert-failed")) == 1
    assert "NOT DELIVERED" in said[0]
    assert "trapline alerts retry ops" in said[0]
    http_receiver.status = 200
    assert courier(home).deliver("ops") == 0
    assert operator_retries.retry(home, "ops") == 1
    assert courier(home).deliver("ops") == 1
    assert [row.state for row in rows(home)] == ["delivered"]


def test_a_message_by_one_recipient_refused_is_remembered_for_the_next_attempt(make_home: Make) -> None:
    class TwoBoxes(Channel):
        name = "two"
        Settings = dict
        attempts: ClassVar[list[Attempt]] = []

        def send(self, alert: Alert) -> str:
            raise NotImplementedError

        def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
            self.attempts.append(attempt)
            if len(self.attempts) == 1:
                raise DeliveryError("one refused", permanent=True, delivered=("a@example.org",))
            return Receipt("fine")

    home = make_home('[channels.tty]\ntype = "console"\n')
    put(home, "11" * 16)
    one = courier(home)
    one._channels = {"tty": TwoBoxes({})}
    one.deliver("tty")
    advance(home, hours=1)
    one.deliver("tty")
    assert [attempt.done for attempt in TwoBoxes.attempts] == [(), ("a@example.org",)]


def test_o12_a_clock_that_is_set_back_a_day_holds_nothing_back(make_any: Make, http_receiver: Any) -> None:
    home = make_any(hook(http_receiver), alerts="[alerts]\nheartbeat_hours = 24\n")
    one = courier(home)
    advance(home, hours=26)
    one.tick()
    http_receiver.status = 500
    put(home, "11" * 16)
    one.deliver("ops")
    with home.store.write() as connection:
        digest.note(connection, home, [noted(1)], home.now())
        digest.note(connection, home, [noted(1)], home.now())
    advance(home, hours=-26)
    said: list[str] = []
    later = courier(home, said)
    http_receiver.status = 200
    http_receiver.requests.clear()
    later.tick()
    later.tick()
    while later.deliver("ops"):
        pass
    assert said[0].startswith("the clock was set back")
    hits = [body["hits"] for body in entries(home, "alerted") if body["hits"]]
    assert sorted(hits) == [1, 1, 2]
    assert {row.state for row in rows(home)} == {"delivered"}
    with home.store.read() as connection:
        assert heartbeat.waiting(connection, home, home.now()) is False
        advance(home, hours=24, seconds=1)
        assert heartbeat.waiting(connection, home, home.now()) is True


def test_a_clock_that_jumps_a_day_ahead_sends_early_and_loses_nothing(
    make_home: Make, http_receiver: Any
) -> None:
    home = make_home(hook(http_receiver))
    one = courier(home)
    one.tick()
    http_receiver.status = 500
    put(home, "11" * 16)
    one.deliver("ops")
    advance(home, days=1)
    http_receiver.status = 200
    assert one.deliver("ops") == 1
    assert [row.state for row in rows(home)] == ["delivered"]


def test_a_week_without_a_courier_still_gets_one_attempt(make_home: Make, http_receiver: Any) -> None:
    home = make_home(hook(http_receiver))
    put(home, "11" * 16)
    advance(home, days=8)
    courier(home).deliver("ops")
    assert [row.state for row in rows(home)] == ["delivered"]


def test_a_channel_that_breaks_down_is_tried_again(make_home: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Channel):
        name = "broken"
        Settings = dict

        def send(self, alert: Alert) -> str:
            raise RuntimeError("https://secret.example/token")

    home = make_home('[channels.tty]\ntype = "console"\n')
    put(home, "11" * 16)
    one = courier(home)
    one._channels = {"tty": Broken({})}
    assert one.deliver("tty") == 1
    (row,) = rows(home)
    assert (row.state, row.problem) == ("waiting", "the channel broke down (RuntimeError)")


def test_a_mistake_of_ours_never_silences_a_channel(
    make_home: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its thread goes on; one that ended would leave alerts waiting until somebody starts the listener again."""
    monkeypatch.setattr("listener.notify.courier._AWAY_SECONDS", 0.01)
    home, ready = make_home(file(tmp_path / "out")), outbox.ready
    put(home, "aa" * 16)
    falls = iter([RuntimeError("first"), RuntimeError("second"), RuntimeError("third")])

    def stumbling(*arguments: Any) -> bool:
        fall = next(falls, None)
        if fall is not None:
            raise fall
        return ready(*arguments)

    monkeypatch.setattr(outbox, "ready", stumbling)
    said: list[str] = []
    stop = threading.Event()
    work = threading.Thread(target=courier(home, said).run, args=(stop,))
    work.start()
    steady.until((tmp_path / "out").is_file)
    stop.set()
    work.join(steady.PATIENCE)
    assert (tmp_path / "out").is_file()
    assert "siem stumbled and goes on" in said
    assert "RuntimeError\n" in capsys.readouterr().err


def test_a_killed_couriers_lease_runs_out(make_any: Make, http_receiver: Any) -> None:
    home = make_any(hook(http_receiver))
    put(home, "11" * 16)
    with home.store.write() as connection:
        (parcel,) = outbox.lease(connection, home, "ops", home.now())  # and then it is killed
    assert courier(home).deliver("ops") == 0
    advance(home, seconds=outbox.LEASE_SECONDS)
    assert courier(home).deliver("ops") == 1
    (row,) = rows(home)
    assert (row.state, row.attempts) == ("delivered", 2)
    with home.store.write() as connection:  # the first one was only slow: it settles nothing any more
        assert outbox.settle(connection, parcel, home.now()) is False
        assert outbox.postpone(connection, parcel, home.now(), "late") is False


WORKER = """
import sys, threading
from pathlib import Path
from canaries.installation.home import Home
from listener.notify.courier import Courier
Courier(Home.open(Path(sys.argv[1])), poll_seconds=0.02).run(threading.Event())
"""


def test_kill_minus_9_in_mid_delivery_loses_nothing(make_home: Make, http_receiver: Any) -> None:
    """The receiver has the request in hand, and the courier dies before it hears of it."""
    home = make_home(hook(http_receiver))
    arrived, let_go = threading.Event(), threading.Event()
    http_receiver.hold = (arrived, let_go)
    put(home, "11" * 16)
    with home.store.write() as connection:
        connection.execute(update(table).values(due_at="2000-01-01T00:00:00.000000Z"))
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(home.path)], cwd=Path(__file__).parents[3])
    try:
        assert arrived.wait(steady.PATIENCE)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait(steady.PATIENCE)
        let_go.set()
    http_receiver.hold = None
    (row,) = rows(home)
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.sealed is not None
    home.clock.moment = datetime.fromisoformat(row.leased_until)  # type: ignore[attr-defined]
    assert courier(home).deliver("ops") == 1
    assert [one.state for one in rows(home)] == ["delivered"]
    assert len({json.loads(body)["text"] for _, _, body in http_receiver.requests}) == 1


def test_two_couriers_never_hold_the_same_row(make_home: Make, postgres_url: str, tmp_path: Path) -> None:
    home = make_home(file(tmp_path / "out"), postgres_url)
    put(home, *[f"{number:032x}" for number in range(60)])
    with home.store.write() as one, home.store.write() as two:  # both transactions open at once
        two.exec_driver_sql("SET LOCAL lock_timeout = '3s'")  # who waits for the other fails, and hangs not
        first = outbox.lease(one, home, "siem", home.now(), limit=20)
        second = outbox.lease(two, home, "siem", home.now(), limit=20)
    assert (len(first), len(second)) == (20, 20)
    assert not {parcel.id for parcel in first} & {parcel.id for parcel in second}


def test_many_couriers_deliver_each_alert_once(make_any: Make, tmp_path: Path) -> None:
    home = make_any(file(tmp_path / "out"))
    put(home, *[f"{number:032x}" for number in range(40)])
    others = [Home.open(home.path, home.clock) for _ in range(3)]

    def work(mine: Home) -> None:
        one = courier(mine)
        while one.deliver("siem"):
            pass

    threads = [threading.Thread(target=work, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(steady.PATIENCE)
    for other in others:
        other.store.close()
    work(home)
    lines = (tmp_path / "out").read_text().splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == [f"{number:032x}" for number in range(40)]


def test_one_channels_trouble_delays_no_other(make_home: Make, http_receiver: Any, tmp_path: Path) -> None:
    home = make_home(hook(http_receiver) + file(tmp_path / "out"))
    arrived, let_go = threading.Event(), threading.Event()
    http_receiver.hold = (arrived, let_go)
    stop = threading.Event()
    thread = threading.Thread(target=courier(home).run, args=(stop,))
    thread.start()
    try:
        put(home, "11" * 16, "22" * 16)
        assert arrived.wait(steady.PATIENCE)
        steady.until(lambda: (tmp_path / "out").exists() and (tmp_path / "out").read_text().count("\n") == 2)
        assert http_receiver.requests == []
    finally:
        let_go.set()
        steady.until(lambda: len(http_receiver.requests) == 2)
        stop.set()
        thread.join(steady.PATIENCE)
    assert not thread.is_alive()


def test_without_a_channel_alerts_wait_and_the_courier_says_so(make_home: Make, http_receiver: Any) -> None:
    home = make_home()
    with home.store.write() as connection:
        digest.note(connection, home, [noted(1)], home.now())
    said: list[str] = []
    stop = threading.Event()
    stop.set()
    courier(home, said).run(stop)
    assert said == ["no channel is configured: alerts wait in the outbox; add a [channels.NAME] section"]
    assert [(row.channel, row.state) for row in rows(home)] == [("", "waiting")]

    (home.path / settings.FILE).write_text(QUIET + hook(http_receiver))
    later = Home.open(home.path, home.clock)
    one = courier(later)
    one.tick()
    assert one.deliver("ops") == 1
    assert json.loads(http_receiver.requests[0][2])["text"] == "MEDIUM: url used"
    later.store.close()


def test_what_waits_for_a_channel_that_was_removed_is_held_after_a_week(
    make_home: Make, tmp_path: Path
) -> None:
    home = make_home(file(tmp_path / "out"))
    put(home, "11" * 16)
    (home.path / settings.FILE).write_text(QUIET + file(tmp_path / "out", "other"))
    later = Home.open(home.path, home.clock)
    said: list[str] = []
    one = courier(later, said)
    assert one.tick() == 0
    advance(home, days=8)
    assert one.tick() == 1
    assert [row.state for row in rows(later)] == ["held"]
    assert "no channel of this name is configured any more" in said[0]
    later.store.close()


def test_an_alert_that_does_not_open_is_held_loudly(make_home: Make, tmp_path: Path) -> None:
    home = make_home(file(tmp_path / "out"))
    put(home, "11" * 16)
    (home.path / "keys" / "alerts").write_text("22" * 32)
    said: list[str] = []
    courier(home, said).deliver("siem")
    assert [row.state for row in rows(home)] == ["held"]
    assert entries(home, "alert-failed")[0]["reason"] == "its content does not open with the alerts key"
    assert said


def test_a_heartbeat_goes_the_same_way(make_home: Make, http_receiver: Any) -> None:
    home = make_home(hook(http_receiver), alerts="")
    one = courier(home)
    for _ in range(3):
        one.tick()
        one.deliver("ops")
        advance(home, hours=24)
    assert [json.loads(body)["text"] for _, _, body in http_receiver.requests] == [
        "Trapline is awake: heartbeat 1",
        "Trapline is awake: heartbeat 2",
    ]


def test_the_outbox_holds_nothing_in_clear(make_home: Make, tmp_path: Path) -> None:
    home = make_home(file(tmp_path / "out"))
    put(home, "11" * 16)
    home.store.close()
    content = b"".join(path.read_bytes() for path in home.path.glob("trapline.db*"))
    assert b"203.0.113" not in content


@pytest.mark.parametrize(
    ("section", "error", "sentence"),
    [
        ("[channels.x]\n", SettingsError, "channels.x needs a type"),
        ('[channels.x]\ntype = "pigeon"\n', NotFoundError, "no channel called 'pigeon'"),
        ('[channels.x]\ntype = "file"\n', SettingsError, "channels.x needs setting 'path'"),
        ('[channels.x]\ntype = "file"\npath = "/x"\nfoo = 1\n', SettingsError, "'foo' in channels.x"),
    ],
)
def test_bad_channels_are_refused_by_name(
    make_home: Make, section: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        Courier(make_home(section))
