from __future__ import annotations

from typing import Any

from canaries.core import settings
from canaries.installation.home import Home
from listener.notify.channel_audit import watch

NOW = "2026-11-22T12:00:00.000000Z"
OPS = '[channels.ops]\ntype = "slack"\nurl = "https://hooks.example.org/sEcReT{}"\n'
LOG = '[channels.log]\ntype = "console"\n'


def start(home: Home, toml: str) -> list[str]:
    (home.path / settings.FILE).write_text(toml)
    again = Home.open(home.path)
    with again.store.write() as connection:
        found = watch(connection, again, NOW, "courier")
    again.store.close()
    return found


def entries(home: Home) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, "setting")]


def test_every_change_is_an_entry_and_no_change_is_none(home: Home) -> None:
    assert start(home, "") == []
    assert start(home, OPS.format(1) + LOG) == ["log", "ops"]
    assert start(home, LOG + OPS.format(1)) == []
    assert start(home, OPS.format(2) + LOG) == ["ops"]
    assert start(home, LOG) == ["ops"]
    found = [(body["added"], body["removed"], body["changed"]) for body in entries(home)]
    assert sorted(found) == sorted([(["log", "ops"], [], []), ([], [], ["ops"]), ([], ["ops"], [])])


def test_neither_entry_nor_database_holds_the_secret(home: Home) -> None:
    start(home, OPS.format(1))
    assert "sEcReT" not in str(entries(home))
    home.store.close()
    assert not [path for path in home.path.glob("trapline.db*") if b"sEcReT" in path.read_bytes()]
