"""Records that are watched while no log is followed, and those past their end, are told."""

from __future__ import annotations

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.checks.watches import WatchesCheck
from tests.look_ups import watch


def test_what_is_not_recorded_is_told(home: Home) -> None:
    def found() -> list[tuple[str, str]]:
        return [(one.part, one.level) for one in WatchesCheck().look(View(home, home.clock.now()))]

    assert found() == []
    watch(home, "5")
    assert found() == [("watched records", "note")]
    with (home.path / "trapline.toml").open("a") as file:
        file.write('\n[logs.db]\ntype = "postgresql"\npath = "/var/log/postgresql.log"\n')
    home.__dict__.pop("settings", None)
    assert found() == [("watched records", "well")]
    watch(home, "6", until="2020-01-01T00:00:00.000000Z")
    assert found() == [("watches past their end", "note"), ("watched records", "well")]
