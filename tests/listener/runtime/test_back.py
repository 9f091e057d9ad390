"""The back: drains, seals and delivers in one process; one helper's fall stops nobody."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading

import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.errors import LedgerError, StoreAwayError
from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.journal.journal import Journal
from listener.runtime import back
from tests import steady


def journalled(home: Home, token: str, count: int) -> None:
    raw = f"GET /{token} HTTP/1.1\r\nHost: h\r\n\r\n".encode()

    async def scene() -> None:
        journal = Journal(home.journal_folder, home.keys.journal_public)
        for number in range(count):
            await journal.append(
                Sighting(
                    id=f"{number:032x}", trap="http", observed_at=1_790_000_000_000_000 + number,
                    peer=("127.0.0.2", 4000), local=("127.0.0.1", 80), transport="tcp", raw=raw, size=len(raw),
                    front="f", number=number, connection=1, clock={},
                )
            )  # fmt: skip
        await journal.close()

    asyncio.run(scene())


def until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["state"] == "ready":
            return
    raise AssertionError("it ended before it was ready")


def counted(home: Home, table: object) -> int:
    with home.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_what_is_journalled_becomes_hits_and_is_sealed(any_home: Home) -> None:
    token = next(iter(minting.mint(any_home, "url"))).canary.tokens[0].value
    journalled(any_home, token, 20)
    stop = threading.Event()
    worker = threading.Thread(target=back.run, args=(any_home, stop))
    worker.start()
    steady.until(lambda: counted(any_home, store.hit) == 20 and counted(any_home, store.unsealed) == 0)
    stop.set()
    worker.join(steady.PATIENCE)
    assert not worker.is_alive()


def test_a_stopped_back_has_taken_in_what_was_there(home: Home) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    journalled(home, token, 50)
    stop = threading.Event()
    stop.set()
    back.run(home, stop)
    assert counted(home, store.hit) == 50


def test_a_helper_that_falls_is_started_again(capsys: pytest.CaptureFixture[str]) -> None:
    stop, falls = threading.Event(), iter([RuntimeError("first"), StoreAwayError("second"), None])

    def work(ending: threading.Event) -> None:
        fall = next(falls)
        if fall is not None:
            raise fall
        ending.set()

    back._watched("helper", work, stop, back.BackState()).join(steady.PATIENCE)
    said = capsys.readouterr().err
    assert "RuntimeError\n" in said
    assert "helper waits: second" in said


def test_a_helper_that_would_do_harm_stops_for_good(capsys: pytest.CaptureFixture[str]) -> None:
    stop, calls = threading.Event(), list[int]()

    def work(_: threading.Event) -> None:
        calls.append(1)
        raise LedgerError("the database is behind its outside copy")

    back._watched("sealer", work, stop, back.BackState()).join(steady.PATIENCE)
    assert calls == [1]
    assert "sealer has stopped: the database is behind" in capsys.readouterr().err


def test_as_a_process_it_says_ready_and_ends_on_sigterm(home: Home) -> None:
    home.store.close()
    command = [sys.executable, "-m", "listener.runtime.back", "--home", str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        until_ready(process)
        process.terminate()
        assert process.wait(steady.PATIENCE) == 0


def test_told_to_stop_while_it_waits_it_looks_once_more(home: Home) -> None:
    """The front's last sightings come while the back sleeps between two looks, and SIGTERM right behind them."""
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    idle = threading.Event()

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            idle.set()
            return super().wait(timeout)

    stop = Stop()
    worker = threading.Thread(target=back.run, args=(home, stop))
    worker.start()
    assert idle.wait(steady.PATIENCE)
    journalled(home, token, 5)
    stop.set()
    worker.join(steady.PATIENCE)
    assert counted(home, store.hit) == 5


def test_told_to_stop_at_once_it_still_takes_in_what_was_answered(home: Home) -> None:
    token = next(iter(minting.mint(home, "url"))).canary.tokens[0].value
    journalled(home, token, 5)
    home.store.close()
    command = [sys.executable, "-m", "listener.runtime.back", "--home", str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["state"] == "loading"
        process.terminate()
        assert process.wait(steady.PATIENCE) == 0
    assert counted(home, store.hit) == 5


def test_a_home_that_is_none_is_one_sentence(home: Home) -> None:
    command = [sys.executable, "-m", "listener.runtime.back", "--home", str(home.path / "nowhere")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=steady.PATIENCE, check=False)
    assert done.returncode == 2
    assert "there is no installation" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", back.KEYS)
def test_a_missing_key_is_one_sentence_before_anything_is_open(home: Home, name: str) -> None:
    home.store.close()
    (home.keys.folder / name).unlink()
    command = [sys.executable, "-m", "listener", "--home", str(home.path), "listen"]
    environment = {**os.environ, "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=steady.PATIENCE, check=False
    )
    assert done.returncode == 2
    assert f"the key '{name}' is not in" in done.stderr
    assert "listens on" not in done.stderr
    assert "Traceback" not in done.stderr
