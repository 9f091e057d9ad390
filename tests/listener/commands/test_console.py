"""``trapline console`` as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from canaries.installation.home import Home
from tests import steady


def start(home: Home, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "listener", "--home", str(home.path), "console", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_a_link_that_opens_and_ends_cleanly(
    home: Home, tmp_path: Path, number: signal.Signals
) -> None:
    ready = tmp_path / "ready.json"
    process = start(home, "--ready-file", str(ready))
    try:
        assert process.stdout
        link = urlsplit(process.stdout.readline().strip())
        assert link.hostname == "127.0.0.1"
        assert json.loads(ready.read_text())["console"] == [link.netloc]
        assert link.path.removeprefix("/enter/") not in ready.read_text()
        connection = http.client.HTTPConnection(link.netloc, timeout=steady.PATIENCE)
        connection.request("GET", link.path)
        response = connection.getresponse()
        assert response.status == 200
        response.read()
        connection.close()
        process.send_signal(number)
        out, err = process.communicate(timeout=steady.PATIENCE)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in err
    assert link.path not in err


@pytest.mark.parametrize("bind", ["0.0.0.0:0", "example.org:80"])
def test_it_refuses_any_address_but_loopback(home: Home, bind: str) -> None:
    process = start(home, "--bind", bind)
    out, err = process.communicate(timeout=steady.PATIENCE)
    assert process.returncode == 2
    assert out == ""
    assert err.startswith("trapline: console.bind is")
