"""No verdict hangs on how fast the machine is, nor on what is drawn: every wait has the one bound, no assertion looks
at the clock, and what is minted is the same in every run."""

from __future__ import annotations

import ast
import datetime as dt
import gc
import itertools
import os
import re
import secrets
import socket
import subprocess
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from canaries.accounts.passwords import new_secret
from canaries.installation.addresses import random_label
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.protocols import ca
from tests import steady
from tests.house import ROOT

_PLACES = {
    "join": 0,
    "wait": 0,
    "settimeout": 0,
    "set_page_load_timeout": 0,
    "create_connection": 1,
    "wait_for": 1,
    "until": 2,
    "soon": 2,
}
"""Calls that take a bound in seconds, and where among their positional arguments it stands."""
_PAUSE = 1.0
"""Seconds at most: no bound, but the time between two looks, or one that is meant to run out."""
_WORTH_A_LOOK = re.compile(
    r"timeout=\d|\b(join|wait|settimeout|set_page_load_timeout)\(\d|\b(create_connection|wait_for|until|soon)\(|"
    r"monotonic|perf_counter"
)
_CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
_CLIENTS = ROOT / "tests" / "clients"
"""How long a real client may take to use its bait is part of each case there, and it may try twice."""


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    """Each file of the tests in which something may wait or look at a clock, parsed."""
    paths = [path for path in (ROOT / "tests").rglob("*.py") if _CLIENTS not in path.parents]
    assert len(paths) > 500
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}
    return {name: ast.parse(text) for name, text in texts.items() if _WORTH_A_LOOK.search(text)}


def bounds(tree: ast.AST) -> Iterator[tuple[int, float]]:
    """Line and seconds of each bound that is written as a number."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = _PLACES.get(name, len(node.args))
            given = [word.value for word in node.keywords if str(word.arg).endswith("timeout")]
            for value in (*node.args[place : place + 1], *given):
                if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                    yield node.lineno, float(value.value)


def timed(tree: ast.AST) -> Iterator[int]:
    """Lines of assertions about a clock, but for tests that have the machine to themselves."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and {"alone", "soak"} & {
            getattr(mark, "attr", "") for mark in node.decorator_list
        }:
            continue
        if isinstance(node, ast.Assert):
            names = {getattr(one, "attr", "") for one in ast.walk(node.test)}
            yield from [node.lineno] if names & _CLOCKS else []
        yield from timed(node)


def test_every_wait_has_the_one_bound(trees: dict[str, ast.AST]) -> None:
    found = {
        f"{name}:{line}: {seconds:g} s"
        for name, tree in trees.items()
        for line, seconds in bounds(tree)
        if _PAUSE < seconds < steady.PATIENCE
    }
    assert not found, "steady.PATIENCE is the end of a wait for what will not happen"


def test_no_assertion_looks_at_the_clock(trees: dict[str, ast.AST]) -> None:
    found = {f"{name}:{line}" for name, tree in trees.items() for line in timed(tree)}
    assert not found, "how long something took is the machine's affair: make bench, or a test marked alone"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("process.wait(20)", [20]),
        ("browser.set_page_load_timeout(30)", [30]),
        ("subprocess.run(command, timeout=30)", [30]),
        ("socket.create_connection(address, 5)", [5]),
        ("thread.join(steady.PATIENCE), ', '.join(names), process.wait()", []),
    ],
)
def test_bounds_are_found(text: str, found: list[float]) -> None:
    assert [seconds for _, seconds in bounds(ast.parse(text))] == found


def test_assertions_about_a_clock_are_found() -> None:
    text = "def one():\n    assert time.monotonic() - began < 2\n"
    assert list(timed(ast.parse(text))) == [2]
    assert not list(timed(ast.parse(f"@pytest.mark.alone\n{text}")))


def test_a_free_port_is_given_once_and_never_one_that_the_kernel_gives() -> None:
    ports = [steady.free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert all(1024 < port < first for port in ports)
    with socket.create_server(("127.0.0.1", ports[-1] + 1)):
        assert steady.free_port() != ports[-1] + 1


class Deep:
    """Its finaliser needs more stack than there is."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.__del__()


def test_a_finaliser_at_the_limit_of_recursion_fails_no_test() -> None:
    """Without `steady.pass_over_finalisers_without_stack` this one would fail, as pytest tells of it."""
    Deep()
    gc.collect()


def test_what_is_drawn_follows_from_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    for turn in ("one", "other"):
        monkeypatch.setattr(steady, "_draws", defaultdict(itertools.count))
        home = Home.create(tmp_path / turn, "")
        drawn.append((home.keys.lookup, [one.canary.id for one in mint(home, "url", count=3)]))
        home.store.close()
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0][1])) == 3


def test_ids_salts_and_keys_of_the_product_follow_from_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    for turn in ("one", "other"):
        monkeypatch.setattr(steady, "_draws", defaultdict(itertools.count))
        (tmp_path / turn).mkdir()
        authority = ca.ensure(tmp_path / turn, bytes(32), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        drawn.append((new_secret(), random_label(), authority.certificate.public_key()))
    assert drawn[0] == drawn[1]


def test_a_fork_draws_others(tmp_path: Path) -> None:
    if (child := os.fork()) == 0:
        (tmp_path / "drawn").write_text(random_label())
        os._exit(0)
    os.waitpid(child, 0)
    assert (tmp_path / "drawn").read_text() != random_label()


def test_a_test_s_own_ids_are_drawn_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = set[object]()
    for _ in range(2):
        monkeypatch.setattr(steady, "_draws", defaultdict(itertools.count))
        drawn |= {secrets.token_hex(8), os.urandom(8), secrets.randbits(64), uuid.uuid4()}
    assert len(drawn) == 8


def test_no_two_processes_of_a_test_draw_the_same(tmp_path: Path) -> None:
    def started(turn: str) -> str:
        command = [sys.executable, "-m", "listener", "--home", str(tmp_path / turn), "init"]
        subprocess.run(command, check=True, capture_output=True)
        return (tmp_path / turn / "keys" / "lookup").read_text()

    assert started("one") != started("other")


def test_many_may_take_as_long_as_the_next_one_comes_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = itertools.count()
    monkeypatch.setattr("tests.steady.time.monotonic", lambda: float(next(now)) * steady.PATIENCE / 8)
    monkeypatch.setattr("tests.steady.time.sleep", lambda _: None)
    came = itertools.count()
    steady.reach(lambda: next(came), 100)
    with pytest.raises(AssertionError, match="not all of them came: 7 of 100"):
        steady.reach(lambda: 7, 100)
