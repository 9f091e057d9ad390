"""Every sort of noise at once, on the web and in DNS, and many genuine uses at once: none waits, none is refused.

The short form runs here; `make soak` keeps up for longer, and looks at the clock.
"""

from __future__ import annotations

import http.client
import itertools
import random
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.query
import pytest

from canaries.crypto.seeded_random import BASE36
from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.mint import minting
from listener.incidents import queries
from listener.journal import segment
from tests import steady
from tests.test_noise import MEGABYTE, MEMORY_KB, ask, idle, memory, noise, status

pytestmark = pytest.mark.usefixtures("all_started_by_exec")  # this is about what memory a process has

ZONE = "harbour-view.net"
RATE, RESOLVERS = 3400, 50
"""Datagrams a second, and from how many addresses."""
CAUGHT, TOLD = 5.0, 10.0
"""Seconds until a genuine use is recorded, and until it is alerted, at most."""


@pytest.fixture
def both(tmp_path: Path, listen: Callable[..., Any]) -> Iterator[Any]:
    """A listener on the web and of a zone that tells a file; its channel takes every event."""
    toml = (
        f'[bait]\nbase_url = "https://{{label}}.{ZONE}"\ndomain = "{ZONE}"\n'
        f'[channels.out]\ntype = "file"\npath = "{tmp_path / "alerts.jsonl"}"\n'
    )
    with Home.create(tmp_path / "home", toml) as home:
        yield listen(
            home,
            TRAPLINE_TRAPS_DNS_BIND="127.0.0.1:0",
            TRAPLINE_TRAPS_DNS_ADDRESSES="192.0.2.7",
            TRAPLINE_JOURNAL_LIMIT_MB="200",
        )


def nameserver(running: Any) -> tuple[str, int]:
    host, _, port = running.addresses["dns"][0].rpartition(":")
    return host, int(port)


@contextmanager
def datagrams(address: tuple[str, int]) -> Iterator[list[int]]:
    """`RATE` look-ups a second of names that nobody minted, from `RESOLVERS` addresses; how many were sent so far."""
    stop, sent, drawn = threading.Event(), [0], random.Random(1)
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(RESOLVERS)]
    for number, one in enumerate(sockets):
        one.bind((f"127.{30 + number}.1.1", 0))
        one.setblocking(False)
    names = itertools.cycle(
        dns.message.make_query(f"{''.join(drawn.choices(BASE36, k=20))}.{ZONE}", "A", id=number).to_wire()
        for number in range(2000)
    )

    def pour() -> None:
        began = time.monotonic()
        while not stop.wait(0.01):
            due = int((time.monotonic() - began) * RATE) - sent[0]
            for _ in range(min(due, RATE)):
                with suppress(BlockingIOError):
                    sockets[sent[0] % RESOLVERS].sendto(next(names), address)
                sent[0] += 1

    thread = threading.Thread(target=pour)
    thread.start()
    try:
        yield sent
    finally:
        stop.set()
        thread.join()
        for one in sockets:
            one.close()


def look_up(address: tuple[str, int], name: str, source: str) -> None:
    """Ask until there is an answer: each second, from a port of its own, as resolvers do."""
    query = dns.message.make_query(name, "A")
    host, port = address

    def answered() -> bool:
        try:
            response = dns.query.udp(query, host, port=port, timeout=1, source=source)
        except dns.exception.Timeout:
            return False
        if response.flags & dns.flags.TC:
            response = dns.query.tcp(query, host, port=port, timeout=steady.PATIENCE, source=source)
        return bool(response.answer)

    steady.until(answered, "no answer")


def hits_of(home: Home, canary: str) -> int:
    return len(list(queries.hits(home, canary=canary, parts=True)))


def told(running: Any, canary: str) -> bool:
    path = running.home.path.parent / "alerts.jsonl"
    return path.is_file() and canary in path.read_text()


def one_after_the_other(running: Any, count: int) -> list[tuple[float, float]]:
    """Genuine uses by turns on the web and in DNS: seconds until each was recorded, and until it was told."""
    lags = []
    for number in range(count):
        kind = ("url", "dns-name")[number % 2]
        canary = next(iter(minting.mint(running.home, kind))).canary
        began = time.monotonic()
        if kind == "url":
            status_of = ask(running.http, f"/{canary.tokens[0].value}/", f"127.9.{number}.9")
            assert 200 <= status_of < 500, f"a genuine use was refused: {status_of}"
        else:
            look_up(nameserver(running), canary.tokens[0].value, f"127.9.{number}.9")
        steady.until(lambda canary=canary: hits_of(running.home, canary.id) > 0, "not recorded")  # type: ignore[misc]
        recorded = time.monotonic() - began
        steady.until(lambda canary=canary: told(running, canary.id), "not told")  # type: ignore[misc]
        lags.append((recorded, time.monotonic() - began))
    return lags


def bounded(running: Any) -> None:
    assert segment.held(running.home.journal_folder) < 200 * MEGABYTE
    assert max(memory(running.child("front")), memory(running.child("back"))) < MEMORY_KB


def test_a_flood_of_names_silences_no_genuine_one(both: Any) -> None:
    with datagrams(nameserver(both)) as sent:
        steady.until(lambda: sent[0] > RATE, "no flood")
        one_after_the_other(both, 4)
    bounded(both)
    assert both.stop() == 0
    verification.verify(both.home)


@pytest.mark.soak
@pytest.mark.parametrize(
    "sources", [["127.1.1.1"], [f"127.{n}.1.1" for n in range(1, 201)]], ids=["one", "many"]
)
def test_everything_at_once(both: Any, sources: list[str]) -> None:
    with (
        idle(both.http, 4, 250),
        noise(both.http, sources, MEGABYTE, 150),
        datagrams(nameserver(both)) as sent,
    ):
        steady.until(lambda: sent[0] > RATE, "no flood")
        lags = one_after_the_other(both, 14)
    bounded(both)
    assert max(kept for kept, _ in lags) < CAUGHT, lags
    assert max(told for _, told in lags) < TOLD, lags
    said = [part for part in status(both.home) if part["part"].startswith("overload")]
    assert len({part["part"] for part in said}) == len(said), "an episode is one statement"
    assert said


@pytest.mark.soak
def test_ten_thousand_hits_of_a_thousand_sources(both: Any) -> None:
    """The first is told within two seconds, and all are recorded within fifteen of the last one's answer."""
    canaries = [minted.canary for minted in minting.mint(both.home, "url", count=100)]
    paths = [f"/{canary.tokens[0].value}/" for canary in canaries]
    host, port = both.http
    began, lags = time.monotonic(), list[float]()

    def visit(first: int) -> None:
        for source in range(first, 1000, 4):
            connection = http.client.HTTPConnection(
                host,
                port,
                timeout=steady.PATIENCE,
                source_address=(f"127.{40 + source // 200}.{source % 200}.1", 0),
            )
            for number in range(10):
                connection.request("GET", paths[(source * 10 + number) % 100])
                answer = connection.getresponse()
                answer.read()
                assert answer.status < 500
            connection.close()

    def watch() -> None:
        steady.until(lambda: any(told(both, canary.id) for canary in canaries), "nothing told")
        lags.append(time.monotonic() - began)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    threads.append(threading.Thread(target=watch))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = time.monotonic()
    steady.reach(lambda: sum(hits_of(both.home, canary.id) for canary in canaries), 10_000)
    assert statistics.mean(lags) < 2
    assert time.monotonic() - answered < 15
