"""The front process: starts with its folder alone, ends when told to or when nobody holds its lifeline."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.runtime.front import Opening, Spec, _unasked
from tests import steady


def test_it_works_with_its_folder_alone(start_front: Any) -> None:
    """`start_front` deletes the home first: no database, no vault, no lookup key is there to be read."""
    front = start_front()
    assert not (front.journal.parent / "home").exists()
    assert front.ask(b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 ")
    assert len(front.sightings()) == 1
    opened = {Path(f"/proc/{front.process.pid}/fd/{number}") for number in range(64)}
    targets = {str(path.readlink()) for path in opened if path.is_symlink()}
    files = {target for target in targets if target.startswith(str(front.journal.parent))}
    mapped = [front.journal.parent / "front" / name for name in ("kinds", "retired")]
    assert files == {str(path) for path in (*mapped, *front.journal.iterdir())}


def test_it_ends_with_its_lifeline(start_front: Any) -> None:
    front = start_front()
    front.ask(b"GET / HTTP/1.0\r\n\r\n")
    assert front.stop() == 0


def test_sigterm_ends_it_once_what_it_has_begun_is_on_disk(start_front: Any) -> None:
    front = start_front()
    with front.connect() as sock:
        sock.sendall(b"GET /half HTTP/1.1\r\n")
        front.ask(b"GET / HTTP/1.0\r\n\r\n")
        front.process.send_signal(signal.SIGTERM)
        assert front.process.wait(steady.PATIENCE) == 0
    assert any(one.raw.startswith(b"GET /half") for one in front.sightings())
    front.stop()


def run_with(spec: Spec) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "listener.runtime.front"],
        input=msgspec.json.encode(spec) + b"\n",
        capture_output=True,
        timeout=steady.PATIENCE,
        check=False,
    )


def test_what_it_cannot_open_is_one_sentence(start_front: Any) -> None:
    folder = start_front().journal.parent
    trap = Opening({}, [])
    spec = Spec(str(folder / "front"), str(folder / "journal"), 1 << 20, 1 << 30, {"htpp": trap})
    done = run_with(spec)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"front: there is no trap called 'htpp'\n"
    done = run_with(msgspec.structs.replace(spec, traps={"http": Opening({"bnid": 1}, [])}))
    assert done.returncode == 2
    assert b"'bnid' in traps.http" in done.stderr
    done = run_with(msgspec.structs.replace(spec, folder=str(folder)))
    assert done.returncode == 2
    assert b"journal.pub" in done.stderr


def test_what_goes_wrong_unasked_is_told_without_the_visitors_words(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_unasked)
        loop.call_soon(lambda text: int(text), "hunter2\x1b[31m")
        loop.call_exception_handler({"message": "socket \x1b closed"})
        await asyncio.sleep(0)

    asyncio.run(stumble())
    said = capsys.readouterr().err
    assert "ValueError\n" in said
    assert "invalid literal" not in said
    assert "socket \\x1b closed" in caplog.text
