"""``trapline reload`` and SIGHUP: new settings without a visitor refused; wrong ones leave the old in use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

from canaries.installation.home import Home
from listener.health import control_socket
from tests import steady


def reload(home: Home) -> tuple[int, str]:
    command = [sys.executable, "-m", "listener", "--home", str(home.path), "reload"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=steady.PATIENCE, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_newcomer_f3_a_new_channel_is_taken_up(home: Home, listen: Any) -> None:
    home.store.close()
    running = listen(home)
    front, back = running.child("front"), running.child("back")
    (home.path / "trapline.toml").write_text(
        f'[channels.ops]\ntype = "file"\npath = "{home.path}/told.ndjson"\n[journal]\nfolder = "{home.path}/other"\n'
    )
    code, text = reload(home)
    assert code == 0, text
    assert "reloaded: channels, certificates, proxies, data; needs a restart: journal.folder" in text
    assert (running.child("front"), running.child("back")) != (front, back)
    assert "courier: channels new" in running.log.read_text() or "ops" in running.log.read_text()
    assert control_socket.ask(home.path, {"ask": "status"})["problems"] == {"restart": "journal.folder"}


def test_wrong_settings_are_refused_and_the_old_go_on(home: Home, listen: Any) -> None:
    """Whether this command finds that out or the listener: the status and the beginning are the same."""
    home.store.close()
    running = listen(home)
    front = running.child("front")
    for wrong, says in {
        b"[bate]\n": "'bate'",
        b"] [": "is not valid TOML",
        b"\x82": "is not valid TOML: it is not UTF-8 at byte 0",
        b'[channels.x]\ntype = "nosuch"\n': "'nosuch'",
    }.items():
        (home.path / "trapline.toml").write_bytes(wrong)
        code, text = reload(home)
        assert code == 1
        assert "not reloaded" in text
        assert says in text
    assert running.child("front") == front


def test_f7_sighup_reloads_and_ends_nothing(home: Home, listen: Any) -> None:
    home.store.close()
    running = listen(home)
    front = running.child("front")
    os.kill(running.process.pid, signal.SIGHUP)
    steady.until(lambda: "reloaded: channels" in running.log.read_text())
    assert running.child("front") != front
    assert running.process.poll() is None


def test_without_a_listener(home: Home) -> None:
    code, text = reload(home)
    assert code == 2
    assert "no listener runs on this home" in text
