"""The back's part: every log of the settings, bait that is minted meanwhile, and a problem that is said once."""

from __future__ import annotations

import threading

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.following.follower import LogFollower
from listener.following.log_reader import LogReader
from listener.incidents import queries
from listener.ingest.intake import Intake
from tests.listener.following.test_log_reader import Taken


def test_bait_that_was_minted_after_the_start_is_found_without_a_command(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = home.path / "access.log"
    log.write_text("")
    monkeypatch.setenv("TRAPLINE_LOGS_WEB_TYPE", "nginx")
    monkeypatch.setenv("TRAPLINE_LOGS_WEB_PATH", str(log))
    again = Home.open(home.path)
    follower = LogFollower(again, Intake(again, []), lambda said: None)
    with log.open("a") as file:
        file.write('192.0.2.1 - - [27/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 5\n')
    assert follower.look()["web"].hits == 0
    for name in ("first", "second"):
        [made] = mint(home, "user", memo=name)
        [email] = [token.value for token in made.canary.tokens if token.facet == "email"]
        with log.open("a") as file:
            file.write(f'192.0.2.1 - - [27/Nov/2026:08:00:01 +0000] "GET /?q={email} HTTP/1.1" 200 5\n')
        assert follower.look()["web"].hits == 1
        assert [hit.canary for hit in queries.hits(home)][-1] == made.canary.id


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
