"""Noise cannot blind it: what strangers pour in delays, refuses and forgets no genuine use, and it is said.

The short form runs here; `make soak` pours in 150 MB, keeps up for longer, and looks at the clock.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.mint import minting
from listener.incidents import queries
from listener.journal import segment
from tests import steady
from tests.small_disk import disk_of

pytestmark = pytest.mark.usefixtures("all_started_by_exec")  # this is about what memory a process has

MEGABYTE = 1 << 20
GENUINE = "127.9.9.9"
"""The others come each from a network of its own: what one source does more is told in a digest."""
MEMORY_KB = 400_000
"""Of front or back at its largest."""


def ask(address: tuple[str, int], path: str, source: str, body: bytes = b"") -> int:
    """The status of one request from ``source``; 0 where there was no answer."""
    connection = http.client.HTTPConnection(*address, timeout=steady.PATIENCE, source_address=(source, 0))
    try:
        connection.request("POST" if body else "GET", path, body or None)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@contextmanager
def noise(address: tuple[str, int], sources: list[str], size: int, most: int) -> Iterator[list[int]]:
    """Four strangers that send ``size`` random bytes again and again, ``most`` times altogether; the statuses."""
    stop, statuses, drawn = threading.Event(), list[int](), random.Random(1)
    bodies = [drawn.randbytes(size) for _ in range(4)]

    def pour(number: int) -> None:
        for turn in range(number, most, 4):
            if stop.is_set():
                return
            statuses.append(ask(address, f"/x{turn}", sources[turn % len(sources)], bodies[number]))

    threads = [threading.Thread(target=pour, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def idle(address: tuple[str, int], networks: int, each: int) -> Iterator[None]:
    """Connections that send half a line and no more."""
    with ExitStack() as stack:
        for number in range(networks * each):
            source = (f"127.{100 + number % networks}.0.{1 + number // networks % 200}", 0)
            held = stack.enter_context(socket.create_connection(address, steady.PATIENCE, source))
            with suppress(OSError):
                held.sendall(b"GET /half")
        yield


def memory(pid: int) -> int:
    """KB at most so far."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in line)
    return int(line.split()[1])


def status(home: Home) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "listener", "--home", str(home.path), "status", "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def recorded(home: Home, token: str) -> int:
    return sum(token in str(hit.entry.body["observed"].get("target")) for hit in queries.hits(home))


def alerted(home: Home, canary: str) -> bool:
    path = home.path / "alerts.jsonl"
    return path.is_file() and canary in path.read_text()


@pytest.fixture
def noisy(home: Home) -> Home:
    with (home.path / "trapline.toml").open("a") as file:
        file.write(f'\n[channels.out]\ntype = "file"\npath = "{home.path / "alerts.jsonl"}"\n')
        file.write("[traps.http]\nconnections = 100\nconnections_per_source = 20\n")
    return home


def genuine(home: Home, running: Any, count: int, pause: float) -> list[tuple[float, float]]:
    """Uses of fresh bait, one after the other: seconds until each was recorded, and until it was alerted."""
    lags = []
    for number, minted in enumerate(minting.mint(home, "url", count=count)):
        canary, token = minted.canary.id, minted.canary.tokens[0].value
        began = time.monotonic()
        answer = ask(running.http, f"/{token}/", f"127.9.{number}.9")
        assert 200 <= answer < 500, f"a genuine use was refused: {answer}"
        steady.until(lambda token=token: recorded(home, token) == 1, "not recorded")  # type: ignore[misc]
        kept = time.monotonic() - began
        steady.until(lambda canary=canary: alerted(home, canary), "not alerted")  # type: ignore[misc]
        lags.append((kept, time.monotonic() - began))
        time.sleep(pause)
    return lags


ONE, MANY = ["127.1.1.1"], [f"127.{20 + number}.1.1" for number in range(75)]


@pytest.mark.parametrize(
    "strangers",
    [
        pytest.param((ONE, MANY), id="both"),
        pytest.param((ONE,), id="one", marks=pytest.mark.rehearsal),
        pytest.param((MANY,), id="many", marks=pytest.mark.rehearsal),
    ],
)
def test_noise_of_one_and_of_many_keeps_no_genuine_use_out(
    noisy: Home, listen: Callable[..., Any], strangers: tuple[list[str], ...]
) -> None:
    running = listen(noisy, TRAPLINE_JOURNAL_LIMIT_MB="20", TRAPLINE_JOURNAL_SEGMENT_MB="2")
    with ExitStack() as stack:
        stack.enter_context(idle(running.http, 4, 50))
        poured = [
            stack.enter_context(noise(running.http, one, 200_000, 120 // len(strangers))) for one in strangers
        ]
        steady.until(lambda: all(len(statuses) > 10 for statuses in poured), "no noise")
        genuine(noisy, running, 3, 0)
    assert segment.held(noisy.journal_folder) < 21 * MEGABYTE
    assert max(memory(running.child("front")), memory(running.child("back"))) < MEMORY_KB
    said = [part for part in status(noisy) if part["part"].startswith("overload trap http")]
    assert len(said) == 1, "the episode is one statement"
    assert "evicted" in said[0]["says"]
    assert running.stop() == 0
    verification.verify(noisy)


@pytest.mark.soak
@pytest.mark.parametrize(
    "sources", [["127.1.1.1"], [f"127.{n}.1.1" for n in range(1, 201)]], ids=["one", "many"]
)
def test_a_genuine_use_is_recorded_in_five_seconds_and_alerted_in_ten(
    noisy: Home, listen: Callable[..., Any], sources: list[str]
) -> None:
    running = listen(noisy)
    with idle(running.http, 4, 250), noise(running.http, sources, MEGABYTE, 150):
        lags = genuine(noisy, running, 15, 1.0)
    assert max(kept for kept, _ in lags) < 5, lags
    assert max(told for _, told in lags) < 10, lags


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "small", 50) as folder:
        yield folder


def test_one_bait_cannot_fill_the_disk_and_a_full_one_recovers(
    small_disk: Path, listen: Callable[..., Any]
) -> None:
    with Home.create(small_disk / "home", "") as home:
        used, other = (minted.canary.tokens[0].value for minted in minting.mint(home, "url", count=2))
        running = listen(home, TRAPLINE_HEALTH_DISK_FREE_MB="0")
        body = random.Random(1).randbytes(MEGABYTE)
        statuses = [
            ask(running.http, f"/{used}/{number}", f"127.0.{number % 20}.1", body) for number in range(50)
        ]
        assert all(200 <= one < 500 for one in statuses), "a use of bait was refused"
        steady.reach(lambda: recorded(home, used), 50)
        assert recorded(home, used) == 50
        assert shutil.disk_usage(small_disk).free > 5 * MEGABYTE
        filler = small_disk / "filler"
        _fill(filler)
        steady.until(
            lambda: ask(running.http, f"/{used}/full", GENUINE) == 503, "a full disk must be an error"
        )
        filler.unlink()
        steady.until(
            lambda: 200 <= ask(running.http, f"/{other}/", GENUINE) < 500, "it must recover by itself"
        )
        steady.until(lambda: recorded(home, other) >= 1, "not recorded")
        assert running.stop() == 0
        verification.verify(home)


def _fill(path: Path) -> None:
    with path.open("wb") as file, suppress(OSError):
        while True:
            os.write(file.fileno(), bytes(4096))
