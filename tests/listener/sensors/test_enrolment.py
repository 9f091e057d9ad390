"""Sensors are made and removed, each an entry; a name is had once."""

from __future__ import annotations

import pytest

from canaries.core.errors import NotFoundError, StoreError, TraplineError
from canaries.installation.home import Home
from listener.sensors.enrolment import add_sensor, remove_sensor, sensors


def test_made_listed_removed_and_each_is_an_entry(home: Home) -> None:
    key = add_sensor(home, "web-1")
    path = home.path / "sensors" / "web-1"
    assert (path.read_text(), path.stat().st_mode & 0o777) == (key, 0o600)
    assert [one.name for one in sensors(home)] == ["web-1"]
    remove_sensor(home, "web-1", "moved")
    assert sensors(home) == []
    with home.store.read() as connection:
        bodies = [entry.body for entry in home.reader.entries(connection, "setting")]
    assert bodies == [
        {"section": "sensors", "added": "web-1"},
        {"section": "sensors", "removed": "web-1", "reason": "moved"},
    ]
    assert key not in str(bodies)


@pytest.mark.parametrize("name", ["", "Web", "../x", "a b", "x" * 33, "-a"])
def test_a_bad_name_is_refused_and_leaves_nothing(home: Home, name: str) -> None:
    with pytest.raises(TraplineError, match="cannot be a sensor's name"):
        add_sensor(home, name)
    with pytest.raises(NotFoundError):
        remove_sensor(home, name)
    assert not (home.path / "sensors").exists()


def test_a_name_is_had_once(home: Home) -> None:
    key = add_sensor(home, "web")
    with pytest.raises(TraplineError, match="already"):
        add_sensor(home, "web")
    assert (home.path / "sensors" / "web").read_text() == key


def test_without_an_entry_there_is_no_key_and_none_is_removed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_sensor(home, "kept")

    def fail(*_: object) -> None:
        raise StoreError("the database is away")

    monkeypatch.setattr(type(home.writer), "put", fail)
    with pytest.raises(StoreError):
        add_sensor(home, "web")
    with pytest.raises(StoreError):
        remove_sensor(home, "kept")
    assert [one.name for one in sensors(home)] == ["kept"]


def test_without_a_key_there_is_no_entry(home: Home) -> None:
    (home.path / "sensors").write_text("a file in the folder's place")
    with pytest.raises(TraplineError):
        add_sensor(home, "web")
    with home.store.read() as connection:
        assert list(home.reader.entries(connection, "setting")) == []
