"""The database: both engines do the same, a transaction is all or nothing."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, update

from canaries.core import store
from canaries.core.errors import StoreAwayError, StoreError
from canaries.core.store import Store
from canaries.installation.home import Home
from tests.pools import idle


def test_a_failed_transaction_leaves_nothing(any_home: Home) -> None:
    def half_done() -> None:
        with any_home.store.write() as connection:
            connection.execute(insert(store.meta).values(name="x", value="1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    with any_home.store.read() as connection:
        assert connection.execute(select(store.meta).where(store.meta.c.name == "x")).all() == []


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(any_home: Home) -> None:
    """Else an entry that the sealer moves between two queries is in neither, and the log looks tampered with."""
    count = select(func.count()).select_from(store.unsealed)
    with any_home.store.read() as connection:
        assert connection.execute(count).scalar_one() == 0
        with any_home.store.write() as other:
            any_home.store.bulk(other, store.unsealed, [("0" * 32, bytes(32))])
        assert connection.execute(count).scalar_one() == 0
    with any_home.store.read() as connection:
        assert connection.execute(count).scalar_one() == 1


@pytest.mark.parametrize("name", ["a b", "what?mode=memory", "100%25", "h#x", "ü", "file:x"])
def test_the_embedded_database_lies_where_its_path_says(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    database = Store.sqlite(folder / "trapline.db")
    database.create("home")
    database.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (folder / "trapline.db").stat().st_size > 0
    assert (folder / "trapline.db").stat().st_mode & 0o077 == 0


def test_a_newer_database_is_refused(any_home: Home) -> None:
    with any_home.store.write() as connection:
        connection.execute(update(store.meta).where(store.meta.c.name == "version").values(value="99"))
    with pytest.raises(StoreError, match="of version 99"):
        any_home.store.check(any_home.id)


def test_a_database_that_has_an_installation_takes_no_second(any_home: Home) -> None:
    with pytest.raises(StoreError, match="already belongs"):
        any_home.store.create("other")


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://host/name", "sqlite+foo", "sqlite:///a.db?mode=ro", "postgresql://h:x/y"]
)
def test_a_bad_url_is_one_sentence_without_the_url(url: str) -> None:
    with pytest.raises(StoreError, match=r"store\.url") as caught:
        Store(url)
    assert url not in caught.value.sentence or url.startswith("mysql")


def test_a_database_that_is_away_says_so_without_the_password() -> None:
    away = Store("postgresql://user:geheim@127.0.0.1:1/none")
    with pytest.raises(StoreAwayError, match="database error") as caught, away.read():
        pass
    away.close()
    assert "geheim" not in caught.value.sentence


def test_a_lock_is_held_by_one(postgres_home: Home) -> None:
    database = postgres_home.store
    with database.write() as first, database.write() as second:
        assert database.lock(first, "sealer")
        assert not database.lock(second, "sealer")
        assert database.lock(second, "courier")


def test_one_that_nobody_closed_gives_its_connections_back_with_itself(home: Home) -> None:
    store = Store(home.store.url)
    with store.read():
        pass
    pool = store.engine.pool
    assert idle(pool) == 1
    closed: list[object] = []
    event.listen(pool, "close", lambda connection, _: closed.append(connection))
    del store
    gc.collect()
    assert len(closed) == 1


@pytest.mark.parametrize("damage", ["another file", "a page"])
def test_a_damaged_file_is_one_sentence_and_a_way_out(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "trapline.db"
    made = Store.sqlite(path)
    made.create("0" * 32)
    with made.read() as connection:
        page = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    made.close()
    content = path.read_bytes()
    kept = 0 if damage == "another file" else page
    path.write_bytes(content[:kept] + b"x" * (len(content) - kept))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    again = Store.sqlite(path)
    with pytest.raises(StoreError, match="database error") as caught:
        again.check("0" * 32)
    again.close()
    assert "restore a backup" in (caught.value.hint or "")
