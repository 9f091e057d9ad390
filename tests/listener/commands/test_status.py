"""``trapline status``: what a running listener and its home are, and what is wrong with a broken one."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.status import command
from tests import steady


def status(home: Home, *options: str) -> tuple[int, str]:
    steady.unpacked(home.path)
    done = CliRunner().invoke(command, options, obj=Session(home.path))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def channelled(home: Home) -> Home:
    (home.path / "trapline.toml").write_text(
        '[bait]\nbase_url = "http://1.1.1.1"\n[health]\ndisk_free_mb = 0\n'
        f'[channels.log]\ntype = "file"\npath = "{home.path}/alerts.ndjson"\n'
    )
    home.store.close()
    return Home(home.path)


def test_a_running_listener_is_well(home: Home, listen: Any) -> None:
    home = channelled(home)
    listen(home)
    code, text = status(home, "--all")
    assert code == 0, text
    assert "ok    listener: ready" in text
    assert "ok    trap http: open on 127.0.0.1:" in text
    assert "ok    back: process" in text
    code, text = status(home, "--json")
    assert code == 0
    assert {json.loads(line)["level"] for line in text.splitlines()} <= {"well", "note"}
    home.store.close()


def test_newcomer_f5_no_listener_is_no_green_light(home: Home) -> None:
    code, text = status(channelled(home))
    assert code == 1
    assert "FAIL  listener: no listener runs on this home\n      start it: trapline listen" in text


def test_parts_that_are_stopped_or_killed_are_named(home: Home, listen: Any) -> None:
    """SIGSTOP is what a machine out of memory looks like."""
    home = channelled(home)
    running = listen(home)
    for name in ("front", "back"):
        os.kill(running.child(name), signal.SIGSTOP)
    steady.until(lambda: status(home)[1].count("has said nothing for") == 2)
    code, text = status(home)
    assert code == 1
    assert "FAIL  front: process" in text
    assert "FAIL  back: process" in text
    for name in ("front", "back"):
        os.kill(running.child(name), signal.SIGCONT)
    steady.until(lambda: status(home)[0] == 0)
    os.kill(running.process.pid, signal.SIGSTOP)
    assert "the listener is there and does not answer within 3 seconds" in status(home)[1]
    os.kill(running.process.pid, signal.SIGCONT)
    home.store.close()


def test_f8_o3_a_sealer_that_stopped_is_named(home: Home, listen: Any, tmp_path: Path) -> None:
    home = channelled(home)
    (home.path / "checkpoints" / "latest").write_text("nobody signed this")
    listen(home)
    steady.until(lambda: "sealer: has stopped" in status(home)[1])
    home.store.close()


def test_o3_a_timer_tells_that_no_listener_runs(home: Home) -> None:
    home = channelled(home)
    _, text = status(home, "--tell")
    assert "told over: log" in text
    assert "no listener runs" in (home.path / "alerts.ndjson").read_text()
