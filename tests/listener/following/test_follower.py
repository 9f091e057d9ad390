"""The back's part: every log of the settings, the index of canaries, and a problem that is said once."""

from __future__ import annotations

import threading

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan import known
from listener.following.follower import IndexedSearch, LogFollower
from listener.following.log_reader import LogReader
from tests.listener.following.test_log_reader import Taken


def test_the_index_is_taken_up_when_it_is_written(home: Home) -> None:
    search = IndexedSearch(home)
    search.refresh()
    assert "not there" in search.problem
    assert list(search.places(b"anything")) == []
    [made] = mint(home, "url")
    known.current(home)
    search.refresh()
    assert search.problem == ""
    text = made.canary.tokens[0].value.encode()
    assert [block for block, _ in search.places(b"GET /x\nGET /" + text)] == [12]
    (home.path / known.FILE).write_bytes(b"damaged")
    search.refresh()
    assert search.problem
    assert list(search.places(text)), "the last good one stays"


def test_a_problem_is_said_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAPLINE_LOGS_SHOP_TYPE", "postgresql")
    monkeypatch.setenv("TRAPLINE_LOGS_SHOP_PATH", str(home.path / "gone.log"))
    said: list[str] = []
    follower = LogFollower(Home.open(home.path), Taken(home), said.append)
    follower.look()
    follower.look()
    assert said == [f"log shop: {home.path}/gone.log is not there"]
    (home.path / "gone.log").write_text("LOG: up\n")
    assert follower.look()["shop"].problems == []
    (home.path / "gone.log").unlink()
    follower.look()
    assert len(said) == 2
    stop = threading.Event()
    stop.set()
    follower.run(stop)
    assert isinstance(follower._readers["shop"], LogReader)
