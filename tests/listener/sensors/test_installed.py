"""The record of a sensor: read as it was written, found by its table, and a damaged one is said."""

from __future__ import annotations

import pytest

from canaries.core.errors import HomeError
from canaries.installation.home import Home
from canaries.plant.rows.table import address
from listener.sensors.installed import FOLDER, InstalledReader, keep, of_table, read_all

URL = "postgresql://a@db/shop?table=t"
ONE = InstalledReader(
    "row-policy", URL, "2026-11-27T08:00:00.000000Z", "me", 3, ["DROP"], {}, {"it": "SELECT 1"}, ""
)


def test_kept_and_found(home: Home) -> None:
    path = keep(home, ONE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_all(home) == {path: ONE}
    assert of_table(home, address("postgresql://b@db:5432/shop?table=public.t")) == {path: ONE}
    assert of_table(home, address("postgresql://a@db/shop?table=u")) == {}
    assert keep(home, ONE) == path


def test_a_damaged_record_is_one_sentence(home: Home) -> None:
    assert read_all(home) == {}
    (home.path / FOLDER).mkdir()
    (home.path / FOLDER / "x.json").write_text('{"reader": 5}')
    with pytest.raises(HomeError, match="cannot be read"):
        read_all(home)
