"""The doctor's own bait: one canary, minted anew where bait leads elsewhere or it was retired."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.mint import catalogue
from listener.health.checks import View
from listener.health.trials.own_bait import OwnBaitTrial
from tests.listener.health.looking import failures


def fire(home: Home, base_url: str) -> str:
    (home.path / "trapline.toml").write_text(f'[bait]\nbase_url = "{base_url}"\n')
    fresh = Home(home.path)
    said = failures(list(OwnBaitTrial().run(View(fresh, fresh.clock.now(), {"traps": {}}))))
    fresh.close()
    return said


def canaries(home: Home) -> list[str]:
    return [one.id for one in catalogue.listing(home)]


def test_one_canary_for_one_place(home: Home) -> None:
    assert "could not be fired" in fire(home, "http://127.0.0.1:1")
    fire(home, "http://127.0.0.1:1")
    (first,) = canaries(home)
    fire(home, "http://127.0.0.2:1")
    assert len(canaries(home)) == 2
    catalogue.retire(home, canaries(home)[1])
    fire(home, "http://127.0.0.2:1")
    assert len(canaries(home)) == 3
    assert first in canaries(home)
