"""Which rows are planted where, and that a mark says only to this installation whose row it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from canaries.plant.rows.table import address
from listener.sensors.planted_rows import index_marks, mark, planted_rows, same_table
from tests import steady


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql://a@db/shop?table=t", "postgresql://b:x@db:5432/shop?table=public.t", True),
        ("postgresql://a@localhost/shop?table=t", "postgres://127.0.0.1/shop?table=t&sslmode=require", True),
        ("mariadb://a@db/shop?table=t", "mysql://db:3306/shop?table=t", True),
        ("postgresql://a@db/shop?table=t", "postgresql://a@db/shop?table=audit.t", False),
        ("postgresql://a@db/shop?table=t", "postgresql://a@db:5433/shop?table=t", False),
        ("postgresql://a@db/shop?table=t", "mysql://a@db/shop?table=t", False),
        ("sqlite:////srv/a.db?table=t", "sqlite:////srv/b.db?table=t", False),
    ],
)
def test_the_same_table_by_another_url(one: str, other: str, same: bool) -> None:
    assert same_table(address(one), address(other)) is same


def test_rows_of_canaries_in_service(home: Home, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
        connection.execute("CREATE TABLE others (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
    connection.close()
    url = f"sqlite:///{tmp_path}/shop.db?table="
    one, two, three = (
        made.canary.id for made in mint(home, "user", count=3, draw=steady.draw("planted rows"))
    )
    for canary, name in ((one, "people"), (two, "others"), (three, "people")):
        plant(home, canary, url + name)
    catalogue.retire(home, three)
    [row] = planted_rows(home, address(url + "people"))
    assert (row.canary, row.key) == (one, {"id": 1})
    with home.store.write() as writing:
        index_marks(home, writing, [row])
        index_marks(home, writing, [row])
    with home.store.read() as reading:
        query = select(store.token.c.canary_id).where(store.token.c.facet == "row")
        assert reading.execute(query).scalars().all() == [one]
    assert mark(home, "a") != mark(home, "b")
    assert len(row.mark) == 32
