"""Nothing acknowledged is lost: kill -9 under load, a database away, a full disk.

Each request carries a number of its own. Whatever got an answer must be in the ledger once, whatever was killed when.
The short form runs here; `make soak` repeats it twenty times for each process on each database.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from io import BufferedWriter
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.ledger import verification
from canaries.mint import minting
from listener.incidents import queries
from tests import steady
from tests.small_disk import disk_of

CLIENTS = 8


class Load:
    """Clients that send numbered requests with a token in them, and remember which were answered."""

    def __init__(self, address: tuple[str, int], token: str, first: int = 0) -> None:
        """``first``: the number of the first request."""
        self.answered: set[int] = set()
        self.statuses: Counter[int] = Counter()
        self._answers: Counter[int] = Counter()
        self._address, self._token = address, token
        self._numbers = iter(range(first, 10**9))
        self._turn = threading.Lock()
        self._stop, self._going = threading.Event(), threading.Event()
        self._going.set()
        self._threads = [threading.Thread(target=self._client) for _ in range(CLIENTS)]

    def _client(self) -> None:
        connection = http.client.HTTPConnection(*self._address, timeout=steady.PATIENCE)
        while not self._stop.is_set():
            self._going.wait()
            with self._turn:
                number = next(self._numbers)
            try:
                connection.request("GET", f"/{self._token}?n={number}")
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.01)
                continue
            with self._turn:
                self.statuses[answer.status] += 1
                self._answers[threading.get_ident()] += 1
                if answer.status < 500:
                    self.answered.add(number)
            time.sleep(
                0.02
            )  # eight of them are a few hundred a second, and leave the processor to what is tested
        connection.close()

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Nothing new is sent meanwhile."""
        self._going.clear()
        try:
            yield
        finally:
            self._going.set()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._going.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int, seconds: float = steady.PATIENCE) -> None:
        """Until ``count`` more were answered."""
        goal = len(self.answered) + count
        steady.until(lambda: len(self.answered) >= goal, "no answers", seconds)

    def wait_for_each(self, count: int) -> None:
        """Until each of the clients was answered ``count`` more times: none of them is kept waiting."""
        before = self._answers.copy()
        steady.until(
            lambda: (
                len(self._answers) == CLIENTS
                and all(number >= before[client] + count for client, number in self._answers.copy().items())
            ),
            "a client waits",
        )


def recorded(home: Home) -> Counter[int]:
    """How often each number stands in the ledger."""
    return Counter(
        int(str(hit.entry.body["observed"]["target"]).rpartition("n=")[2]) for hit in queries.hits(home)
    )


def settle(home: Home, at_least: int) -> Counter[int]:
    with contextlib.suppress(AssertionError):  # the check that follows tells what is missing
        steady.reach(lambda: len(recorded(home)), at_least)
    return recorded(home)


def check(home: Home, load: Load) -> None:
    seen = recorded(home)
    assert load.answered <= seen.keys(), f"{len(load.answered - seen.keys())} acknowledged hits lost"
    assert max(seen.values()) == 1, "a hit was taken in twice"
    verification.verify(home)


@pytest.fixture
def token(any_home: Home) -> str:
    return next(iter(minting.mint(any_home, "url"))).canary.tokens[0].value


def kill_rounds(
    home: Home, token: str, listen: Callable[..., Any], names: tuple[str, ...], rounds: int
) -> None:
    running = listen(home)
    chance = random.Random(7)
    with Load(running.http, token) as load:
        for _ in range(rounds):
            load.wait_for(30)
            time.sleep(chance.random() * 0.2)
            killed = {name: running.child(name) for name in names}
            for child in killed.values():
                os.kill(child, signal.SIGKILL)
            with load.still():  # the pauses before a child is started again grow to half a minute
                steady.until(lambda: all(running.child(name) != killed[name] for name in names))  # noqa: B023  at once
        load.wait_for(30)
    settle(
        home, len(load.answered)
    )  # a back that was killed while it started is started again, then takes all in
    assert running.stop() == 0
    check(home, load)


CHILDREN = {"front": ("front",), "back": ("back",), "front+back": ("front", "back")}
PART = {("home", "front"), ("postgres_home", "back"), ("home", "front+back")}
"""What `make test` tries; `make rehearse` tries all."""


@pytest.mark.parametrize(
    ("any_home", "names"),
    [
        pytest.param(
            database, CHILDREN[names], id=f"{database}-{names}", marks=() if tried else pytest.mark.rehearsal
        )
        for database in ("home", "postgres_home")
        for names in CHILDREN
        for tried in [(database, names) in PART]
    ],
    indirect=["any_home"],
)
def test_kill_9_loses_nothing(
    any_home: Home, token: str, listen: Callable[..., Any], names: tuple[str, ...]
) -> None:
    kill_rounds(any_home, token, listen, names, rounds=2)


@pytest.mark.soak
@pytest.mark.parametrize("names", CHILDREN.values(), ids="+".join)
def test_kill_9_twenty_times_loses_nothing(
    any_home: Home, token: str, listen: Callable[..., Any], names: tuple[str, ...]
) -> None:
    kill_rounds(any_home, token, listen, names, rounds=20)


def test_kill_9_of_everything_at_once_loses_nothing(home: Home, listen: Callable[..., Any]) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    running = listen(home)
    with Load(running.http, token) as load:
        load.wait_for(100)
        pids = [running.process.pid, running.child("front"), running.child("back")]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
    running.process.wait()
    again = listen(home)  # restart needs no repair
    settle(home, len(load.answered))
    assert again.stop() == 0
    check(home, load)


def away_for(home: Home, token: str, listen: Callable[..., Any], seconds: float) -> None:
    """The database's door is shut for a while: nobody waits for it, everything arrives."""
    server = home.store.url
    with Gate((server.host or "127.0.0.1", server.port or 5432)) as gate:
        url = server.set(drivername="postgresql", host="127.0.0.1", port=gate.port)
        running = listen(home, TRAPLINE_STORE_URL=url.render_as_string(hide_password=False))
        with Load(running.http, token) as load:
            load.wait_for(50)
            gate.shut()
            load.wait_for_each(2)
            time.sleep(seconds)
            load.wait_for_each(2)
            gate.open()
            load.wait_for(50)
        assert set(load.statuses) == {200} or len(load.statuses) == 1
        settle(home, len(load.answered))
        assert running.stop() == 0
    check(home, load)


class Gate:
    """A TCP relay in front of the database that can be shut."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[socket.socket] = []
        self._open = True
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._pairs += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(one, other), daemon=True).start()

    def shut(self) -> None:
        self._open = False
        for one in self._pairs:
            _shut(one)

    def open(self) -> None:
        self._open = True

    def __enter__(self) -> Gate:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self.shut()
        for one in self._pairs:
            one.close()


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _pump(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    _shut(other)


def test_a_database_away_delays_nobody(postgres_home: Home, listen: Callable[..., Any]) -> None:
    token = next(iter(minting.mint(postgres_home, "url"))).canary.tokens[0].value
    away_for(postgres_home, token, listen, seconds=1)


@pytest.mark.soak
def test_a_database_away_for_a_minute_delays_nobody(postgres_home: Home, listen: Callable[..., Any]) -> None:
    token = next(iter(minting.mint(postgres_home, "url"))).canary.tokens[0].value
    away_for(postgres_home, token, listen, seconds=steady.PATIENCE)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "small", 1) as folder:
        yield folder


def test_a_full_disk_gives_an_error_before_an_answer(
    home: Home, listen: Callable[..., Any], small_disk: Path
) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    journal = small_disk / "journal"
    journal.mkdir()
    running = listen(home, TRAPLINE_JOURNAL_FOLDER=str(journal))
    filler = small_disk / "filler"
    with Load(running.http, token) as load:
        load.wait_for(50)
        with filler.open("wb") as file:
            _fill(file)
        refused = load.statuses[503]
        steady.until(lambda: load.statuses[503] > refused, "a full disk must be an error")
        filler.unlink()
        load.wait_for(50)
    settle(home, len(load.answered))
    assert running.stop() == 0
    check(home, load)


def _fill(file: BufferedWriter) -> None:
    try:
        while True:
            os.write(file.fileno(), b"x" * 4096)
    except OSError:
        return
