"""A child that has to be there, with real processes that report, die, refuse and hang."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from canaries.core.errors import HomeError
from listener.runtime import kept_child
from listener.runtime.kept_child import KeptChild
from tests import steady

READY = 'print(\'{"state": "ready", "n": 1}\', flush=True); import time; time.sleep(600)'


def starter(*programs: str) -> Callable[[], Awaitable[asyncio.subprocess.Process]]:
    """Starts the programs one after the other, the last one again and again."""
    left = list(programs)

    async def begin() -> asyncio.subprocess.Process:
        program = left.pop(0) if len(left) > 1 else left[0]
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )

    return begin


def run(scene: Callable[[Callable[..., KeptChild], list[str]], Awaitable[None]]) -> list[str]:
    said: list[str] = []
    children: list[KeptChild] = []

    async def whole() -> None:
        def make(*programs: str) -> KeptChild:
            children.append(KeptChild("child", starter(*programs), said.append))
            return children[-1]

        try:
            await asyncio.wait_for(scene(make, said), steady.PATIENCE)
        finally:
            for child in children:
                await child.stop(5)

    asyncio.run(whole())
    return said


async def until(condition: Callable[[], Any]) -> None:
    while not condition():
        await asyncio.sleep(0.02)


def test_it_is_what_it_reports() -> None:
    async def scene(make: Any, said: list[str]) -> None:
        child = make('print(\'{"state": "loading"}\', flush=True);' + READY)
        await child.start()
        assert await child.settled() == "ready"
        found = child.describe()
        assert (found["state"], found["report"], found["restarts"]) == ("ready", {"n": 1}, 0)

    run(scene)


def test_o9_one_that_ends_at_once_is_an_error_and_no_wait_for_ever() -> None:
    async def scene(make: Any, said: list[str]) -> None:
        with pytest.raises(HomeError, match="did not start"):
            await make("import sys; sys.exit(2)").start()
        late = make('print(\'{"state": "loading"}\', flush=True); import sys; sys.exit(2)')
        await late.start()
        with pytest.raises(HomeError, match="did not start"):
            await late.settled()

    run(scene)


def test_what_dies_comes_back_with_growing_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_child, "REFUSED_WAIT", 0.2)
    brief = 'print(\'{"state": "ready"}\', flush=True); import sys; sys.exit(2)'

    async def scene(make: Any, said: list[str]) -> None:
        child = make(brief, brief, brief, READY)
        await child.start()
        keeping = asyncio.create_task(child.keep(asyncio.Event()))
        await until(lambda: child.restarts == 3 and child.state == "ready")
        assert child.describe()["last_end"] == "exit status 2"
        assert child._wait >= 8 * 0.2  # each pause was twice the one before
        keeping.cancel()

    said = run(scene)
    assert sum("the child process has ended (exit status 2)" in line for line in said) == 3


def test_a_replacement_is_no_death() -> None:
    async def scene(make: Any, said: list[str]) -> None:
        child = make(READY)
        await child.start()
        keeping = asyncio.create_task(child.keep(asyncio.Event()))
        pids = [child.describe()["pid"]]
        for change in (child.replace, child.overlap):
            await change(5)
            pids.append(child.describe()["pid"])
            await asyncio.sleep(0.2)
        assert len(set(pids)) == 3
        assert (child.restarts, child.state) == (0, "ready")
        keeping.cancel()

    assert run(scene) == []


def test_where_the_other_does_not_come_up_this_one_goes_on() -> None:
    async def scene(make: Any, said: list[str]) -> None:
        child = make(READY, "raise SystemExit(2)", READY)
        await child.start()
        before = child.describe()["pid"]
        with pytest.raises(HomeError):
            await child.overlap(5)
        assert child.describe()["pid"] == before
        assert child.state == "ready"

    run(scene)


def test_one_that_does_not_end_is_killed() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + READY

    async def scene(make: Any, said: list[str]) -> None:
        child = make(deaf)
        await child.start()
        await child.stop(0.2)
        assert said == ["the child process does not end; it is killed"]
        assert child.state == "ended"

    run(scene)


def test_one_that_is_stopped_before_it_reported_is_nothing_to_tell() -> None:
    """Ctrl-C while the listener starts."""

    async def scene(make: Any, said: list[str]) -> None:
        child = make("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
        starting = asyncio.create_task(child.start())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(starting, 0.5)
        assert said == []

    run(scene)


def test_rubbish_on_its_stdout_is_passed_over() -> None:
    async def scene(make: Any, said: list[str]) -> None:
        child = make("print('[1]'); print('no json'); print('x' * 200_000);" + READY)
        await child.start()
        await until(lambda: child.describe()["report"] == {"n": 1})

    run(scene)
