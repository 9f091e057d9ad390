"""What decides the content of evidence is compared from start to start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from canaries.core import store
from canaries.installation.home import Home
from listener.notify import start_record

AT = "2026-11-22T12:00:00.000000Z"
CHANNEL = '\n[channels.ops]\ntype = "file"\npath = "/nowhere/alerts.ndjson"\n'


def start(home: Home) -> start_record.StartChange:
    """A start of a process of its own: nothing is remembered but what the database has."""
    fresh = Home.open(home.path)
    with fresh, fresh.store.write() as connection:
        state = start_record.present(fresh)
        change = start_record.compare(connection, fresh, state)
        start_record.record(connection, fresh, AT, "courier", state, change)
    return change


def settings(words: str) -> Callable[[Home], None]:
    def change(home: Home) -> None:
        with (home.path / "trapline.toml").open("a") as file:
            file.write(words)

    return change


def data(home: Home) -> None:
    (home.path / "data").mkdir(exist_ok=True)
    (home.path / "data" / "ip-asn-country.mmdb").write_bytes(b"a country of one's own")


def key(home: Home) -> None:
    (home.path / "keys" / "front").write_text("00" * 32)


def record_removed(home: Home) -> None:
    with home.store.write() as connection:
        connection.execute(delete(store.meta).where(store.meta.c.name == "started"))


def record_changed(home: Home) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.meta).where(store.meta.c.name == "started").values(value="00"))


def test_an_unchanged_start_tells_nothing(home: Home) -> None:
    assert start(home).words == ()
    assert start(home).words == ()
    with home.store.read() as connection:
        found = [entry.body for entry in home.reader.entries(connection, "started")]
    assert len(found) == 2
    assert found[0] == found[1]
    assert found[0]["version"]


@pytest.mark.parametrize(
    ("change", "says"),
    [(settings("\n[seal]\nseconds = 86400.0\n"), "settings.seal changed"), (settings(CHANNEL), "channels.ops added"),
     (data, "data.ip-asn-country.mmdb added"), (key, "keys.front changed"),
     (record_removed, "record of the start before was removed"), (record_changed, "was changed")],
)  # fmt: skip
def test_what_was_changed_is_named(home: Home, change: Callable[[Home], None], says: str) -> None:
    start(home)
    change(home)
    assert says in " ".join(start(home).words)
    assert start(home).words == ()
    with home.store.read() as connection:
        bodies = [entry.body for entry in home.reader.entries(connection, "setting")]
    assert any(
        says in " ".join(body.get("changed", ())) for body in bodies if isinstance(body.get("changed"), list)
    )


def test_a_key_that_is_made_when_it_is_needed_is_recorded_and_not_told(home: Home) -> None:
    start(home)
    home.authority()
    change = start(home)
    assert change.words == ("keys.ca added", "keys.ca.pem added")
    assert change.told == ()


def test_channels_of_before_are_remembered_with_their_secrets_sealed(home: Home) -> None:
    settings('\n[channels.ops]\ntype = "file"\npath = "/secret/place"\n')(home)
    start(home)
    with home.store.read() as connection:
        assert "secret" not in str(connection.execute(store.meta.select()).all())
    text = (home.path / "trapline.toml").read_text().replace("/secret/place", "/another/place")
    (home.path / "trapline.toml").write_text(text)
    change = start(home)
    assert change.words == ("channels.ops changed",)
    assert change.old_channels["ops"]["path"] == "/secret/place"


def test_programs_are_one_hash_over_every_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = start_record._programs()
    (tmp_path / "more.py").write_text("")
    import listener

    monkeypatch.setattr(listener, "__path__", [*listener.__path__, str(tmp_path)])
    assert start_record._programs() != before
