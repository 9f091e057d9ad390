"""The guides' examples work where the guides save them: minted, used at the new trap, sent by the new channel."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import steady
from tests.house import ROOT

pytestmark = pytest.mark.rehearsal

EXAMPLES = {
    "docs/writing-a-kind.md": "canaries/kinds/deploy_token.py",
    "docs/writing-a-trap.md": "listener/traps/deploy_control.py",
    "docs/writing-a-channel.md": "listener/notify/channels/wallboard.py",
}
SECTIONS = """
[traps.deploy-control]
bind = ["127.0.0.1:0"]

[channels.office]
type = "wallboard"
host = "127.0.0.1"
port = {port}
"""


def example(page: str, path: str) -> str:
    """The code of a page, which says where it is to be saved."""
    pattern = rf"<!-- example: {re.escape(path)} -->\n```python\n(.*?)```"
    (code,) = re.findall(pattern, (ROOT / page).read_text("utf-8"), re.DOTALL)
    return str(code)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The source with the three examples in it."""
    folder = tmp_path / "source"
    for name in ("canaries", "listener", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for page, path in EXAMPLES.items():
        (folder / path).write_text(example(page, path))
    return folder


def test_the_examples_of_the_guides_work(checkout: Path, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    environment = {
        **kept,
        "PYTHONPATH": str(checkout),
        "TRAPLINE_HOME": str(tmp_path / "home"),
        "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0",
    }

    def trapline(*words: str) -> str:
        command = [sys.executable, "-m", "listener", *words]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as board:
        board.bind(("127.0.0.1", 0))
        board.settimeout(steady.PATIENCE)
        trapline("init")
        with (tmp_path / "home" / "trapline.toml").open("a") as settings:
            settings.write(SECTIONS.format(port=board.getsockname()[1]))
        assert "deploy-token" in trapline("kinds")
        minted = json.loads(trapline("mint", "deploy-token", "--memo", "on the wall", "--json"))
        token = minted["tokens"][0]["value"]
        assert re.fullmatch(r"acme_[0-9A-Za-z]{32}", token)
        ready = tmp_path / "ready.json"
        listening = subprocess.Popen(
            [sys.executable, "-m", "listener", "listen", "--ready-file", str(ready)],
            cwd=tmp_path,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            steady.until(lambda: listening.poll() is not None or ready.is_file())
            assert listening.poll() is None
            host, _, port = json.loads(ready.read_text())["deploy-control"][0].rpartition(":")
            with socket.create_connection((host, int(port)), timeout=steady.PATIENCE) as client:
                client.sendall(b"LOGIN " + token.encode() + b"\nLIST\n")
                received = b""
                while b"END\n" not in received:
                    received += client.recv(100) or pytest.fail("the trap hung up")
            line = board.recv(2000).decode()
        finally:
            listening.terminate()
            listening.wait(steady.PATIENCE)
    assert received == b"OK\nEND\n"
    assert "deploy-token on the wall used from 127.0.0.1" in line
    (hit,) = [json.loads(row) for row in trapline("hits", "--json").splitlines()]
    assert (hit["canary"], hit["facet"], hit["trap"]) == (minted["id"], "secret", "deploy-control")


@pytest.mark.parametrize("tool", [("ruff", "check", "-q"), ("ruff", "format", "-q", "--check")])
def test_the_examples_are_written_as_the_house_is(tool: tuple[str, ...], checkout: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", checkout)
    paths = sorted(EXAMPLES.values())
    done = subprocess.run(
        [sys.executable, "-m", *tool, *paths], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
