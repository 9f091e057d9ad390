"""Checkpoints are stamped when something is new; only good stamps are kept; what fails is asked again; all in time."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.clock import FixedClock, parse_rfc3339
from canaries.installation.home import Home
from canaries.ledger import time_stamps
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from listener.notify import stamper
from listener.notify.stamp_authorities import StampAuthority, authorities
from listener.notify.stamper import KeptStamp, Stamper, kept, newest, recheck, state
from tests import steady
from tests.time_authority import TimeAuthority, serving, with_authorities

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl program")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeAuthority]:
    with serving(TimeAuthority(tmp_path_factory.mktemp("tsa") / "one")) as running:
        yield running


@pytest.fixture
def clock(server: TimeAuthority) -> Iterator[FixedClock]:
    yield FixedClock(datetime.now(UTC))
    server.down, server.lie = False, timedelta(0)


@pytest.fixture
def stamped(home: Home, server: TimeAuthority, clock: FixedClock) -> Home:
    return with_authorities(home, server.toml(), clock=clock)


@pytest.fixture
def authority(stamped: Home) -> StampAuthority:
    return authorities(stamped)["local"]


def grow(home: Home) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, "noted", home.now(), "alice", {})
    seal(home)


def seal(home: Home) -> None:
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()


def stamps(home: Home) -> list[KeptStamp]:
    with home.store.read() as connection:
        return kept(connection)


def test_a_checkpoint_is_stamped_once_and_the_stamp_is_an_entry(
    stamped: Home, authority: StampAuthority, server: TimeAuthority
) -> None:
    work = Stamper(stamped)
    assert work.step(authority) is None, "there is no checkpoint yet"
    grow(stamped)
    assert work.step(authority) == ""
    (one,) = stamps(stamped)
    assert (one.authority, one.size, one.judge) == ("local", 1, time_stamps.STRICT)
    assert one.sha256 == hashlib.sha256(server.last).hexdigest()
    with stamped.store.read() as connection:
        (entry,) = stamped.reader.entries(connection, "stamped")
        note = connection.scalar(select(store.checkpoint.c.note))
        token = connection.scalar(select(store.stamp.c.reply))
        assert recheck(connection, one, {"local": authority}) == recheck(connection, one, {}) == ""
    assert (entry.body["sha256"], entry.body["size"], entry.body["at"]) == (one.sha256, 1, one.at)
    assert note
    assert token
    time_stamps.judge(token, note.encode(), authority.roots)
    assert verify(stamped).unsealed == 1


def test_nothing_is_asked_before_it_is_time_nor_where_only_stamps_are_new(
    stamped: Home, authority: StampAuthority, clock: FixedClock, server: TimeAuthority
) -> None:
    work = Stamper(stamped)
    grow(stamped)
    assert work.step(authority) == ""
    asked = server.questions
    grow(stamped)
    assert work.step(authority) is None, "an hour has not passed"
    assert server.questions == asked
    server.lie = timedelta(hours=2)
    clock.advance(hours=2)
    assert work.step(authority) == ""
    seal(stamped)
    server.lie = timedelta(hours=4)
    clock.advance(hours=2)
    assert work.step(authority) is None, "what is new is the entry about the stamp"
    assert [item.size for item in stamps(stamped)] == [1, 3]
    assert work.step(authority, now=True) == ""


@pytest.mark.parametrize("down", [False, True])
def test_a_clock_that_was_ahead_holds_no_stamp_back(
    stamped: Home, authority: StampAuthority, clock: FixedClock, server: TimeAuthority, down: bool
) -> None:
    """Stamped or refused while it was 400 days ahead: an hour after it was set back at the latest it is asked again."""
    work = Stamper(stamped)
    grow(stamped)
    clock.advance(days=400)
    server.lie, server.down = clock.moment - datetime.now(UTC), down
    assert bool(work.step(authority)) is down
    clock.advance(days=-400)
    server.lie, server.down = clock.moment - datetime.now(UTC), False
    grow(stamped)
    assert work.step(authority) == ""
    asked = server.questions
    grow(stamped)
    assert work.step(authority) is None, "an hour has not passed"
    assert server.questions == asked


def test_one_that_is_down_is_asked_again_at_growing_distances_and_nothing_is_kept(
    stamped: Home, authority: StampAuthority, clock: FixedClock, server: TimeAuthority
) -> None:
    work, waits = Stamper(stamped), []
    grow(stamped)
    server.down = True
    for _ in range(8):
        assert "HTTP 500" in (work.step(authority) or "")
        with stamped.store.read() as connection:
            how = state(connection, "local")
        due = parse_rfc3339(how.due)
        waits.append((due - clock.moment).total_seconds())
        clock.moment = due - timedelta(seconds=1)
        assert work.step(authority) is None
        clock.moment = due
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (how.failures, stamps(stamped)) == (8, [])
    server.down = False
    server.lie = clock.moment - datetime.now(UTC)
    assert work.step(authority) == ""
    with stamped.store.read() as connection:
        assert (state(connection, "local").failures, state(connection, "local").problem) == (0, "")


def test_a_liar_leaves_no_stamp(stamped: Home, authority: StampAuthority, server: TimeAuthority) -> None:
    grow(stamped)
    server.lie = timedelta(days=-3)
    assert "which clock is wrong" in (Stamper(stamped).step(authority) or "")
    assert stamps(stamped) == []


def test_near_the_end_of_its_certificate_a_stamp_is_renewed_though_nothing_is_new(
    stamped: Home, authority: StampAuthority, clock: FixedClock, server: TimeAuthority
) -> None:
    work = Stamper(stamped)
    grow(stamped)
    assert work.step(authority) == ""
    seal(stamped)
    start, ends = clock.moment, parse_rfc3339(stamps(stamped)[0].ends)
    for days, wanted in ((31, None), (29, ""), (28.5, None), (27, "")):
        clock.moment = ends - timedelta(days=days)
        server.lie = clock.moment - start
        assert work.step(authority) == wanted, days
    assert [item.size for item in stamps(stamped)] == [1, 2, 2]
    with stamped.store.read() as connection:
        last = newest(connection, "local")
    assert last == stamps(stamped)[-1]


def test_what_was_changed_beside_a_stamp_is_told(stamped: Home, authority: StampAuthority) -> None:
    grow(stamped)
    Stamper(stamped).step(authority)
    (one,) = stamps(stamped)
    table = store.stamp
    for values, words in (
        ({"at": "2020-01-01T00:00:00.000000Z"}, "another time"),
        ({"size": 7}, "is not here"),
        ({"reply": b"x"}, "token was changed"),
    ):
        with stamped.store.write() as connection:
            connection.execute(update(table).values(**values))
            (changed,) = kept(connection)
            assert words in recheck(connection, changed, {"local": authority})
            connection.execute(update(table).values(at=one.at, size=one.size))


def test_it_works_in_the_background_until_told_to_stop(stamped: Home, server: TimeAuthority) -> None:
    grow(stamped)
    stop = threading.Event()
    thread = threading.Thread(target=Stamper(stamped).run, args=(stop,))
    thread.start()
    try:
        steady.until(lambda: stamps(stamped))
    finally:
        stop.set()
        thread.join()
    assert stamper.POLL_SECONDS > 1
