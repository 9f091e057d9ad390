"""The trial of channels: each by itself, and in the ledger."""

from __future__ import annotations

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.trials.alerts import AlertsTrial
from tests.listener.health.looking import failures


def tried(home: Home, toml: str) -> list[str]:
    (home.path / "trapline.toml").write_text(toml)
    parts = list(AlertsTrial().run(View(Home(home.path), home.clock.now())))
    return [failures([part]) or part.part for part in parts]


def test_one_that_is_wrong_hides_no_other(home: Home) -> None:
    good = f'[channels.log]\ntype = "file"\npath = "{home.path}/a.ndjson"\n'
    bad = '[channels.bad]\ntype = "pigeon"\n[channels.dead]\ntype = "file"\npath = "/proc/none/a"\n'
    found = tried(home, good + bad)
    assert "pigeon" in found[0]
    assert "alerts: dead: the test alert was not delivered" in found[1]
    assert found[2] == "alerts: log"
    assert "no channel is configured" in tried(home, "")[0]
