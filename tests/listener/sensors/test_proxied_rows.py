"""The file of a proxy says how answers name the key, in the table and in views; an entry says that it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import TraplineError
from listener.readers import ReaderError
from listener.sensors import proxied_rows, watches, watching
from listener.sensors.watching import WatchOrder
from listener.wire_proxy.known_rows import key_hash, read_known
from tests.subscribers import Subscribers

UNTIL = "2028-01-01T00:00:00.000000Z"


def order(*keys: str, proxied: bool = True) -> WatchOrder:
    return WatchOrder("owner", "why", UNTIL, keys, proxied=proxied, accepted=("dumps",))


def test_rows_by_their_marks_and_columns_by_their_numbers(shop: Subscribers, tmp_path: Path) -> None:
    shop.say("CREATE VIEW short AS SELECT name, id FROM subscribers", "owner")
    out = tmp_path / "rows.json"
    watching.watch(shop.home, shop.url, order("7", "8"))
    try:
        proxied_rows.prepare(shop.home, [shop.url], out)
    finally:
        shop.say("DROP VIEW short", "owner")
    [table] = read_known(out).tables
    oid = shop.say("SELECT 'subscribers'::regclass::oid")[0][0]
    assert f"{shop.database}/{oid}/1" in table.places
    assert sorted(place.rpartition("/")[2] for place in table.places) == ["1", "2"]
    assert (table.key, table.columns) == ("id", ["id", "name", "email", "phone", "created_at"])
    secret = bytes.fromhex(table.secret)
    with shop.home.store.read() as connection:
        real = {one.mark for one in watches.every(shop.home, connection) if not one.ended_at}
    assert {table.marks[key_hash(secret, key)] for key in ("7", "8")} == real
    assert key_hash(secret, str(shop.first)) in table.marks
    with shop.home.store.read() as connection:
        said = [
            entry.body for entry in shop.home.reader.entries(connection, "setting") if "proxied" in entry.body
        ]
    assert (said[-1]["rows"], len(said[-1]["tables"])) == (6, 1)
    watching.unwatch(shop.home, shop.url, everything=True)
    assert proxied_rows.prepare(shop.home, [shop.url], out).watched == 0


def test_rows_are_watched_by_a_sensor_or_by_a_proxy_and_not_by_both(shop: Subscribers) -> None:
    watching.watch(shop.home, shop.url, order("7"))
    with pytest.raises(ReaderError, match="watched already, by a proxy alone"):
        watching.watch(shop.home, shop.url, order("7", proxied=False))
    watching.watch(shop.home, shop.url, order("8", proxied=False))
    with pytest.raises(ReaderError, match="watched already, by a sensor in the database"):
        watching.watch(shop.home, shop.url, order("8"))
    watching.unwatch(shop.home, shop.url, keys=["8"])
    with shop.home.store.read() as connection:
        left = [one for one in watches.every(shop.home, connection) if not one.ended_at]
    assert [one.words.proxied for one in left] == [True]
    watching.unwatch(shop.home, shop.url, keys=["7"])


def test_tables_of_two_servers_need_two_files(shop: Subscribers, tmp_path: Path) -> None:
    with pytest.raises(TraplineError, match="several servers"):
        proxied_rows.prepare(
            shop.home, [shop.url, "mysql://root@127.0.0.1/x?table=y"], tmp_path / "rows.json"
        )
    assert not (tmp_path / "rows.json").exists()
