"""Real rows are watched and watched no more: schema and entries say so, and nothing of the rows is kept here."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from canaries.core.errors import NotFoundError, PlantError, TraplineError
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from canaries.plant.rows.table import address
from listener.readers import ReaderError
from listener.sensors import database_readers, installed, reader_change, watches, watching
from listener.sensors.watching import WatchOrder
from tests.subscribers import Subscribers


def acts(shop: Subscribers) -> list[dict[str, object]]:
    with shop.home.store.read() as connection:
        entries = [dict(entry.body) for entry in shop.home.reader.entries(connection, "setting")]
    return [one for one in entries if one.get("section") == "watches"]


def order(
    shop: Subscribers, *keys: str, until: str = "2028-01-01T00:00:00.000000Z", where: str = ""
) -> WatchOrder:
    return WatchOrder("owner", "why", until, keys, where, accepted=("dumps",))


def test_watched_changed_and_ended_without_a_trace(shop: Subscribers) -> None:
    before, began = shop.cluster.schema(shop.database), len(acts(shop))
    begun = shop.watch(1_234, 1_235).begun
    [state] = database_readers.check(shop.home, shop.url)
    assert (state.problems, state.installed.rows, state.installed.watched) == ((), 4, 2)
    [changed] = shop.watch(1_235, person="staff-7", why="another reason").changed
    assert changed.id == begun[1].id
    with shop.home.store.read() as connection:
        kept = watches.of_table(shop.home, connection, address(shop.url))
    assert [one.words.why for one in kept] == ["threats against the person", "another reason"]
    with pytest.raises(ReaderError, match="are watched by that sensor"):
        database_readers.uninstall(shop.home, shop.url)
    assert shop.watch(1_236).changed == ()
    assert len(watching.unwatch(shop.home, shop.url, keys=["1234"], reason="settled")) == 1
    [state] = database_readers.check(shop.home, shop.url)
    assert (state.problems, state.installed.watched) == ((), 2)
    watching.unwatch(shop.home, shop.url, everything=True)
    with pytest.raises(NotFoundError, match="none of these rows"):
        watching.unwatch(shop.home, shop.url, keys=["1234"])
    assert database_readers.uninstall(shop.home, shop.url) == ["row-policy"]
    assert shop.cluster.schema(shop.database) == before
    said = acts(shop)[began:]
    assert [one.get("watched", one.get("unwatched")) for one in said] == [
        2, 0, 1, [begun[0].id], [begun[1].id, kept_last(shop)],
    ]  # fmt: skip
    assert said[3]["reason"] == "settled"
    written = b"".join(path.read_bytes() for path in (shop.home.path / "readers").glob("*"))
    for text in (str(said), str([one.words for one in begun]), written.decode("latin-1")):
        assert not re.search(r"(?<![0-9a-f])1234(?![0-9a-f])", text), "other than within an id or a hash"


def kept_last(shop: Subscribers) -> str:
    with shop.home.store.read() as connection:
        return watches.every(shop.home, connection)[-1].id


def test_a_table_without_bait_has_the_sensor_only_while_something_is_watched(shop: Subscribers) -> None:
    shop.say("CREATE TABLE cases (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), words text)", "owner")
    shop.say("INSERT INTO cases (words) SELECT 'case ' || n FROM generate_series(1, 5) n", "owner")
    before = shop.cluster.schema(shop.database)
    url = shop.url.replace("table=subscribers", "table=cases")
    with pytest.raises(ReaderError, match="pg_dump by owner will fail"):
        watching.watch(shop.home, url, WatchOrder("owner", "why", order(shop).until, where="true"))
    done = watching.watch(shop.home, url, order(shop, where="words LIKE '%3' OR words = 'case 4' -- both"))
    assert len(done.begun) == 2
    assert any("postgres pass unseen" in one for one in done.warnings)
    watching.unwatch(shop.home, url, ids=[one.id[:6] for one in done.begun])
    assert shop.cluster.schema(shop.database) == before
    assert installed.read_all(shop.home) == {}
    shop.say("DROP TABLE cases", "owner")


def test_what_is_planted_later_is_taken_up_and_the_watch_goes_on(own_shop: Subscribers) -> None:
    shop = own_shop
    shop.watch(7)
    [late] = mint(shop.home, "user")
    plant(shop.home, late.canary.id, shop.url)
    [state] = database_readers.check(shop.home, shop.url)
    assert state.problems == ("it knows 4 planted rows, and 5 lie there: trapline sensors refresh",)
    record = watching.refresh(shop.home, shop.url)
    assert record is not None
    assert (record.rows, record.watched) == (5, 1)
    assert database_readers.check(shop.home, shop.url)[0].problems == ()
    [marks] = shop.say(f"SELECT count(*) FROM {record.marks_table}", "postgres")
    assert marks == (6,)
    shop.say(f"DROP TABLE {record.marks_table}", "postgres")
    with pytest.raises(ReaderError, match="table of marks is gone"):
        shop.watch(8)
    assert len(watching.unwatch(shop.home, shop.url, everything=True)) == 1


def test_ending_what_a_kill_left_puts_no_sensor_there(shop: Subscribers) -> None:
    """The watch was written down, and the database never committed."""
    before = shop.cluster.schema(shop.database)
    shop.watch(5)
    with shop.home.store.write() as connection:
        [noted] = watches.of_table(shop.home, connection, address(shop.url))
    [record] = installed.of_table(shop.home, address(shop.url)).values()
    for statement in record.down:
        shop.say(statement, "postgres")
    installed.forget(shop.home, record)
    assert watching.unwatch(shop.home, shop.url, everything=True) == [noted]
    assert shop.cluster.schema(shop.database) == before
    assert database_readers.check(shop.home, shop.url) == []


@pytest.mark.parametrize("where", ["the ledger", "the server", "the commit"])
def test_what_fails_leaves_everything_as_it_was(
    shop: Subscribers, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    shop.watch(5)
    before, records = shop.cluster.schema(shop.database), installed.read_all(shop.home)

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    def then_fail(real: Callable[..., object]) -> Callable[..., object]:
        def act(*words: object) -> object:
            real(*words)
            raise OSError("no space left")

        return act

    with monkeypatch.context() as patch:
        if where == "the ledger":
            patch.setattr(watches, "begin", fail)
        elif where == "the server":
            patch.setattr(database_readers, "carry_out", then_fail(database_readers.carry_out))
        else:
            patch.setattr(reader_change.ReaderChange, "run", then_fail(reader_change.ReaderChange.run))
        with pytest.raises(OSError, match="no space left"):
            shop.watch(6)
    if where == "the commit":  # it was written down, and is ended again
        watching.refresh(shop.home, shop.url)
    assert (shop.cluster.schema(shop.database), set(installed.read_all(shop.home))) == (before, set(records))
    [state] = database_readers.check(shop.home, shop.url)
    assert (state.problems, state.installed.watched) == ((), 1)


@pytest.mark.parametrize(
    ("keys", "until", "words"),
    [
        (("99999",), "", "no row of subscribers has the key '99999'"),
        (("x'y",), "", "target database refuses"),
        ((), "", "no row of subscribers is like that"),
        (("5",), "2001-01-01T00:00:00.000000Z", "a watch ends between now"),
        (("5",), "2999-01-01T00:00:00.000000Z", "a watch ends between now"),
        (("2001",), "", "is planted: reads of those are hits already"),
    ],
)
def test_what_cannot_be_watched_is_one_sentence(
    shop: Subscribers, keys: tuple[str, ...], until: str, words: str
) -> None:
    began = len(acts(shop))
    soon = "2028-01-01T00:00:00.000000Z"
    with pytest.raises((ReaderError, PlantError, TraplineError), match=words):
        watching.watch(shop.home, shop.url, order(shop, *keys, until=until or soon))
    assert len(acts(shop)) == began
    assert installed.of_table(shop.home, address(shop.url)) == {}


def test_other_databases_are_refused_in_one_sentence(shop: Subscribers) -> None:
    for url in ("mysql://root@127.0.0.1/shop?table=t", f"sqlite:///{shop.home.path}/x.db?table=t"):
        with pytest.raises(ReaderError, match="tells of single real rows"):
            watching.watch(shop.home, url, order(shop, "5"))
