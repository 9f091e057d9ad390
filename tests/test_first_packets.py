"""Random and mutated first packets at every trap of one real listener: it stays up, stays small, and still catches.

Each trap gets packets over its real sockets. The short form sends a few hundred to each; `make soak` fifty thousand.
What a mutation starts from is a real first packet of the protocol, where the trap's own test file names one.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.core import plugins
from canaries.installation.home import Home
from canaries.mint import minting
from listener import traps
from listener.incidents import queries
from listener.traps import Trap
from tests import hooks, steady
from tests.every import in_part_and_whole

pytestmark = pytest.mark.usefixtures("all_started_by_exec")  # this is about what memory a process has

TRAPS = plugins.classes(traps.FOLDER, Trap)
LARGEST_GROWTH = 64 << 20
"""Bytes that the front may have grown by at the end: caches fill, nothing else."""


def mutated(chance: random.Random, packets: list[bytes]) -> bytes:
    """One packet: random, or a real one with bytes changed, cut, doubled or added."""
    if not packets or chance.random() < 0.3:
        return chance.randbytes(chance.randint(1, 300))
    data = bytearray(chance.choice(packets))
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[place : place + 1] = chance.randbytes(1)
            case 1:
                del data[place : place + chance.randint(1, 8)]
            case 2:
                data[place:place] = data[: chance.randint(0, 40)]
            case _:
                data[place:place] = chance.randbytes(chance.randint(1, 8))
    return bytes(data)


def throw(trap: type[Trap], address: tuple[str, int], data: bytes) -> None:
    """One packet at one trap, by the first of its transports; whatever it answers is dropped."""
    kind = socket.SOCK_DGRAM if "udp" in trap.transports else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.settimeout(steady.PATIENCE)
        try:
            sock.connect(address)
            sock.sendall(data)
        except OSError:
            return  # over its limit of connections for a moment


def resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no such process")


def siege(home: Home, listen: Callable[..., Any], count: int) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    running = listen(home, **{f"TRAPLINE_TRAPS_{name.upper()}_BIND": "127.0.0.1:0" for name in TRAPS})
    assert set(running.addresses) == set(TRAPS)
    front = running.child("front")
    chance = random.Random(11)
    first = {name: hooks.first_packets(name) for name in TRAPS}
    places = {}
    for name, found in running.addresses.items():
        host, _, port = found[0].rpartition(":")
        places[name] = (host, int(port))
        for _ in range(50):
            throw(TRAPS[name], places[name], mutated(chance, first[name]))
    before = resident(front)
    for _ in range(count):
        for name, place in places.items():
            throw(TRAPS[name], place, mutated(chance, first[name]))
    good(running, token)
    assert running.child("front") == front, "the front was started again"
    assert resident(front) - before < LARGEST_GROWTH
    steady.until(lambda: any(hit.trap == "http" for hit in queries.hits(home)), "a good hit was not recorded")
    assert running.stop() == 0


def good(running: Any, token: str) -> None:
    """A real use, after all that; it is answered."""
    with socket.create_connection(running.http, steady.PATIENCE) as sock:
        sock.sendall(f"GET /{token} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
        assert sock.recv(100).startswith(b"HTTP/1.1 ")


@in_part_and_whole
def test_a_few_hundred_packets_at_every_trap(home: Home, listen: Callable[..., Any], whole: bool) -> None:
    siege(home, listen, 150 if whole else 50)


@pytest.mark.soak
def test_fifty_thousand_packets_at_every_trap(home: Home, listen: Callable[..., Any]) -> None:
    siege(home, listen, 50_000)
