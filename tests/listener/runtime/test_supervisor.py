"""The supervisor with its real processes: whatever dies comes back, nobody is refused, nothing answered is lost."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
from collections import Counter
from collections.abc import Sized
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import queries
from tests import steady


@pytest.mark.usefixtures("started_by_exec")
def test_it_says_where_it_listens_and_stops_when_told_and_its_front_sees_no_settings(listening: Any) -> None:
    assert listening.ask().startswith(b"HTTP/1.1 ")
    children = [listening.child("front"), listening.child("back")]
    environment = Path(f"/proc/{children[0]}/environ").read_bytes()
    assert b"HOME=" not in environment
    assert b"TRAPLINE" not in environment
    listening.process.terminate()
    _, talk = listening.process.communicate(timeout=steady.PATIENCE)
    assert listening.process.returncode == 0
    assert f"http listens on 127.0.0.1:{listening.address[1]}" in talk
    assert "Next: " in talk
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    with pytest.raises(ConnectionRefusedError):
        listening.ask()


@pytest.mark.parametrize("name", ["front", "back"])
def test_what_is_killed_comes_back_and_nobody_is_refused(listening: Any, name: str) -> None:
    for number in range(3):
        killed = listening.child(name)
        os.kill(killed, signal.SIGKILL)
        assert listening.ask(f"/{number}").startswith(b"HTTP/1.1 ")
        steady.until(partial(came_back, listening, name, killed))


def test_kill_9_under_load_loses_nothing_that_was_answered(listening: Any) -> None:
    home = Home.open(listening.home)
    (minted,) = mint(home, "url")
    path = urlsplit(minted.bait.text.strip()).path
    answered: set[int] = set()
    numbers = iter(range(10**9))
    stop = threading.Event()

    def visit() -> None:
        while not stop.is_set():
            number = next(numbers)
            try:
                answer = listening.ask(f"{path}?n={number}-")
            except ConnectionError:
                continue
            if answer.startswith(b"HTTP/1.1 ") and b" 503 " not in answer[:20]:
                answered.add(number)

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for name in ("front", "back", "front", "back"):
        killed = listening.child(name)
        os.kill(killed, signal.SIGKILL)
        steady.until(partial(came_back, listening, name, killed))
        goal = len(answered) + 20
        steady.until(partial(reached, answered, goal), "nobody is answered any more")
    stop.set()
    for visitor in visitors:
        visitor.join()

    def recorded() -> list[int]:
        raws = (queries.raw(home, hit.id) for hit in queries.hits(home))
        return [int(found[1]) for found in (re.search(rb"n=(\d+)-", raw or b"") for raw in raws) if found]

    steady.until(lambda: answered <= set(recorded()))
    assert len(answered) > 50
    assert max(Counter(recorded()).values()) == 1
    home.store.close()


def test_killing_the_supervisor_leaves_nobody_behind(listening: Any) -> None:
    children = [listening.child("front"), listening.child("back")]
    listening.process.kill()
    listening.process.communicate(timeout=steady.PATIENCE)
    steady.until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()])


def test_a_port_that_is_taken_ends_it_with_a_sentence(tmp_path: Path, start_listen: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        home = Home.create(tmp_path / "home", f'[traps.http]\nbind = ["127.0.0.1:{port}"]\n')
        home.store.close()
        process = start_listen(home.path, "--ready-file", str(tmp_path / "ready"))
        _, talk = process.communicate(timeout=steady.PATIENCE)
    assert process.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: another program holds that port" in talk
    assert "Traceback" not in talk
    assert not (tmp_path / "ready").exists()


def test_a_second_listener_of_one_home_is_refused(listening: Any, start_listen: Any) -> None:
    _, talk = start_listen(listening.home).communicate(timeout=steady.PATIENCE)
    assert "another listener runs on " in talk
    assert "Traceback" not in talk
    assert "listens on" not in talk


def came_back(listening: Any, name: str, killed: int) -> bool:
    return running(listening, name) not in (None, killed)


def reached(answered: Sized, goal: int) -> bool:
    return len(answered) >= goal


def running(listening: Any, name: str) -> int | None:
    try:
        return int(listening.child(name))
    except LookupError:
        return None
