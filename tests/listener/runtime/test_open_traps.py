"""Traps that open and shut while the listener runs: no connection of another trap notices."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from listener.health import control_socket
from listener.incidents import queries
from tests import steady
from tests.listener.runtime.test_supervisor import came_back

TOML = """[bait]
base_url = "http://127.0.0.1:8080"
[listen]
traps = "needed"
[traps.http]
bind = ["127.0.0.1:0"]
[traps.redis]
bind = ["127.0.0.1:{redis}"]
[traps.wireguard]
bind = ["127.0.0.1:{wireguard}"]
"""


@pytest.fixture
def ports() -> dict[str, int]:
    """Free when they were asked for; nothing else on this machine is told to take them."""
    return {"redis": steady.free_port(), "wireguard": steady.free_port()}


@pytest.fixture
def needing(tmp_path: Path, listen_on: Callable[[Path], Any], ports: dict[str, int]) -> Any:
    """A listener that opens what bait needs, on fixed ports."""
    made = Home.create(tmp_path / "home", TOML.format(**ports))
    made.store.close()
    return listen_on(made.path)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Home]:
    home = Home.open(path)
    try:
        yield home
    finally:
        home.store.close()


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), steady.PATIENCE) as sock:
            sock.sendall(b"PING\r\n")
            return sock.recv(100).startswith(b"-NOAUTH")
    except ConnectionError:
        return False


def shut(home: Path) -> dict[str, str]:
    found = control_socket.ask(home, {"ask": "status"})["shut"]
    assert isinstance(found, dict)
    return found


def test_a_trap_opens_for_its_bait_and_shuts_behind_the_last(needing: Any, ports: dict[str, int]) -> None:
    """Over the end of a front too; what came on another trap's connection meanwhile goes on."""
    assert not answers(ports["redis"])
    assert set(shut(needing.home)) == {"redis", "wireguard"}
    with (
        opened(needing.home) as home,
        socket.create_connection(needing.address, steady.PATIENCE) as visitor,
    ):
        visitor.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert visitor.recv(4096).startswith(b"HTTP/1.1 ")
        first, second = (mint(home, "redis-url"), mint(home, "redis-url"))
        kept = [next(iter(one)) for one in (first, second)]
        steady.until(lambda: answers(ports["redis"]), "the trap of new bait stays shut")
        assert set(shut(needing.home)) == {"wireguard"}
        with socket.create_connection(("127.0.0.1", ports["redis"]), steady.PATIENCE) as thief:
            thief.sendall(f"AUTH {kept[0].bait.row['password']}\r\n".encode())
            assert thief.recv(100) == b"+OK\r\n"
        steady.until(lambda: next(queries.hits(home), None) is not None, "its use is no hit")
        visitor.sendall(b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        assert visitor.recv(4096).startswith(b"HTTP/1.1 "), "another trap's connection was cut"
        killed = needing.child("front")
        os.kill(killed, signal.SIGKILL)
        steady.until(lambda: came_back(needing, "front", killed), "the front does not come back")
        steady.until(lambda: answers(ports["redis"]), "a front that came back does not serve it")
        catalogue.retire(home, kept[0].canary.id, "")
        assert answers(ports["redis"]), "one bait is left"
        catalogue.retire(home, kept[1].canary.id, "")
        steady.until(lambda: not answers(ports["redis"]), "nothing needs it any more")
        assert set(shut(needing.home)) == {"redis", "wireguard"}


def test_a_port_that_is_taken_is_told_and_tried_again(
    needing: Any, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(needing.home) as home, socket.create_server(("127.0.0.1", ports["redis"])):
        mint_one = next(iter(mint(home, "redis-url")))
        steady.until(lambda: "another program holds that port" in shut(needing.home)["redis"])
        assert mint_one.canary.kind == "redis-url"
    steady.until(lambda: answers(ports["redis"]), "it is not tried again")
