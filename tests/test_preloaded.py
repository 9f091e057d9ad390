"""A process that is forked from the template is to its starter what one by exec is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from tests import preloaded, steady
from tests.conftest import TEMPLATE

BY: dict[str, Callable[[], Any]] = {"exec": TEMPLATE.by_exec, "fork": nullcontext}
OF_SIGNALS = ("SigBlk", "SigIgn", "SigCgt", "Umask", "Uid", "Groups", "NoNewPrivs")


def trapline(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "listener", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def alike(ask: Callable[[], Any]) -> Any:
    """What ``ask`` gives, which is the same both ways."""
    found = {}
    for name, way in BY.items():
        with way():
            found[name] = ask()
    assert found["fork"] == found["exec"]
    return found["fork"]


def facts(pid: int, parent: int) -> dict[str, Any]:
    """What the kernel says of a process, without what differs in any two."""
    own = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (own / "status").read_text().splitlines())
    return {
        "parent": int(status["PPid"]) == parent,
        "program": str((own / "exe").readlink()),
        "folder": str((own / "cwd").readlink()),
        "command": [
            b"its parent" if one == b"%d" % parent else one
            for one in (own / "cmdline").read_bytes().split(b"\0")
            if one
        ],
        "session": os.getsid(pid) == pid,
        "group": os.getpgid(pid) == pid,
        "nice": os.getpriority(os.PRIO_PROCESS, pid),
        "streams": [str((own / "fd" / str(number)).readlink()).split(":")[0] for number in range(3)],
        **{name: status[name] for name in OF_SIGNALS},
    }


def test_every_process_of_a_listener_is_the_same_to_the_kernel(tmp_path: Path, home: Home) -> None:
    steady.unpacked(home.path)
    ready, told = tmp_path / "ready.json", {**os.environ, "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0"}

    def ask() -> Any:
        command = [sys.executable, "-m", "listener", "--home", str(home.path), "listen"]
        process = subprocess.Popen(
            [*command, "--ready-file", str(ready)],
            env=told,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        steady.until(ready.is_file)
        ready.unlink()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        found = [facts(int(child), process.pid) for child in children]
        found = [one for one in found if b"listener.runtime" in b" ".join(one["command"])]
        mine = facts(process.pid, os.getpid())
        process.terminate()
        process.communicate(timeout=steady.PATIENCE)
        return [mine, *sorted(found, key=lambda one: str(one["command"]))], process.returncode

    processes, status = alike(ask)
    assert (len(processes), status) == (3, 0)


def test_status_and_streams(tmp_path: Path) -> None:
    missing = alike(
        lambda: [(one.returncode, one.stdout, one.stderr) for one in (trapline("list", "--home", "/no"),)]
    )
    assert missing[0][0] == 2
    assert alike(lambda: trapline("mint", "--help").stdout).startswith("Usage:")
    assert alike(lambda: trapline("nosuch").returncode) == 2


def test_folder_environment_and_umask(tmp_path: Path) -> None:
    def ask() -> Any:
        place = tmp_path / "place"
        place.mkdir()
        old = os.umask(0o027)
        try:
            done = trapline(
                "init", env={**os.environ, "TRAPLINE_HOME": "here", "TZ": "Asia/Tokyo"}, cwd=place
            )
        finally:
            os.umask(old)
        modes = {
            str(one.relative_to(place)): one.stat().st_mode
            for one in place.rglob("*")
            if one.parent.name != "keys"
        }
        place.rename(tmp_path / f"place{len(list(tmp_path.iterdir()))}")
        return done.returncode, {name: mode for name, mode in modes.items() if "checkpoints/" not in name}

    status, modes = alike(ask)
    assert status == 0
    assert "here/trapline.toml" in modes


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP])
def test_what_a_signal_does(number: signal.Signals, home: Home) -> None:
    # one that is caught while CPython runs a string of code (as SQLAlchemy has it do) still ends the process by the
    # signal, after the last line of the program: so either way of ending is the same
    def ask() -> int:
        command = [sys.executable, "-m", "listener", "--home", str(home.path), "hits", "--follow"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        steady.until(lambda: b"trapline.db" in _files(process.pid))
        process.send_signal(number)
        status = process.wait(steady.PATIENCE)
        return 128 - status if status < 0 else status  # as a shell reads it

    assert alike(ask) == 128 + number


def _files(pid: int) -> bytes:
    found = Path(f"/proc/{pid}/maps").read_bytes()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found += bytes(one.readlink())
    return found


@pytest.mark.parametrize(
    ("command", "more", "forked"),
    [
        (["-m", "listener", "mint"], {}, True),
        (["-m", "listener.runtime.front"], {"pass_fds": [1], "start_new_session": True}, True),
        (["-c", "print(1)"], {}, False),
        (["-X", "importtime", "-m", "listener"], {}, False),
        (["-m", "pip"], {}, False),
        (["-m", "listener"], {"env": {**os.environ, "PYTHONHASHSEED": "7"}}, False),
        (["-m", "listener"], {"preexec_fn": id}, False),
        (["-m", "listener"], {"user": os.getuid()}, False),
    ],
)
def test_what_a_fork_cannot_give_is_started_by_exec(
    command: list[str], more: dict[str, Any], forked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def catch(*given: Any) -> int:
        raise LookupError(preloaded.plain(given))

    monkeypatch.setattr(subprocess, "_fork_exec", catch)
    with pytest.raises(LookupError, match=f"^{forked}$"):
        subprocess.Popen([sys.executable, *command], **more)


def test_a_folder_with_modules_of_the_same_name_is_started_in_by_exec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``-m`` takes them from there."""
    (tmp_path / "listener").mkdir()
    test_what_a_fork_cannot_give_is_started_by_exec(["-m", "listener"], {"cwd": tmp_path}, False, monkeypatch)


def test_a_child_that_is_killed_before_it_is_ready_keeps_nobody_waiting(home: Home) -> None:
    trapline("--version")  # the template is there
    known, over = children(), False

    def kill() -> None:
        while not over:
            for pid in children() - known:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        ends = [
            subprocess.Popen([sys.executable, "-m", "listener", "hits", "--home", str(home.path)]).wait(
                steady.PATIENCE
            )
            for _ in range(10)
        ]
    finally:
        over = True
        killer.join()
    assert set(ends) == {-signal.SIGKILL}


def children() -> set[int]:
    """Of every thread of this process."""
    found = ""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # one that has ended
            found += (thread / "children").read_text()
    return {int(one) for one in found.split()}
