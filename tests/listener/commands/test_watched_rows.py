"""``trapline sensors watch|watched|refresh|unwatch`` and ``trapline lookups``, as somebody types them."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from listener.cli import trapline
from listener.readers import ReaderError
from tests.subscribers import Subscribers


def test_from_the_first_watch_to_the_end(shop: Subscribers) -> None:
    def run(*words: str) -> Result:
        return CliRunner().invoke(trapline, ["--home", str(shop.home.path), *words])

    def sensors(*words: str) -> Result:
        return run("sensors", *words)

    assert "nothing is watched" in sensors("watched").output
    order = ("watch", shop.url, "--key", "17", "--owner", "DPO", "--why", "threats", "--until", "90d")
    assert isinstance(sensors(*order).exception, ReaderError)
    begun = sensors(*order, "--person", "staff-7", "--accept", "dumps")
    assert begun.exit_code == 0, begun.output
    assert "1 row watched from now on, 0 changed; until " in begun.output
    assert "mind: reads by postgres pass unseen" in begun.output
    listed = sensors("watched").output
    assert f"watched  {shop.database}.subscribers" in listed
    assert "record of staff-7; DPO: threats" in listed
    [kept] = [json.loads(one) for one in sensors("watched", "--json").stdout.splitlines()]
    changed = json.loads(sensors(*order, "--json").stdout)
    assert changed == {"watched": [], "changed": [kept["id"]]}
    assert "it knows 4 planted rows and 1 watched row" in sensors("refresh", shop.url).output
    shop.say("SELECT name FROM subscribers WHERE id = 17")
    shop.seen()
    said = run("lookups", "--json", "--without-reason", "--since", "1h").stdout.splitlines()
    assert json.loads(said[0])["user"] == "analyst"
    ended = sensors("unwatch", shop.url, "--id", kept["id"][:8], "--reason", "settled")
    assert "1 row is watched no more" in ended.output
    assert "nothing is watched" in sensors("watched").output
    assert "ended" in sensors("watched", "--ended").output
    assert isinstance(sensors("unwatch", shop.url, "--all").exception, NotFoundError)
    assert isinstance(sensors(*order[:-1], "yesterday").exception, TraplineError)
