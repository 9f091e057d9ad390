"""Deployment as the documents tell it: unprivileged on high ports, low ports by redirect, the systemd unit sound."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.installation.home import Home
from canaries.mint import minting
from tests import steady
from tests.programs import needs
from tests.test_nothing_lost import Load, settle

ROOT = Path(__file__).resolve().parent.parent
UNITS = ROOT / "examples" / "systemd"
NOBODY = "nobody"

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user or make a network"
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach and own."""
    folder = Path(tempfile.mkdtemp(prefix="deploy-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    return {**plain, "TRAPLINE_HOME": str(home), "HOME": str(home.parent), **more}


def interpreter(settings: dict[str, str], folder: Path) -> str:
    """A Python of this version that another user may start: this one may be in root's home."""
    for program in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            subprocess.run(
                [program, "-m", "listener", "--version"],
                env=settings,
                user=NOBODY,
                cwd=folder,
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return program
    pytest.skip("no Python that another user may start")


@needs_root
def test_it_runs_as_a_normal_user_on_high_ports(open_folder: Path) -> None:
    shutil.chown(open_folder, NOBODY)
    home, ready = open_folder / "home", open_folder / "ready.json"
    copied = open_folder / "site"  # what an installation would have: code that this user may read
    for name in ("canaries", "listener", "templates"):
        shutil.copytree(ROOT / name, copied / name)
    settings = environment(home, TRAPLINE_TRAPS_HTTP_BIND="127.0.0.1:0")
    settings["PYTHONPATH"] = os.pathsep.join(
        [str(copied), *(path for path in sys.path if "site-packages" in path)]
    )
    run = [interpreter(settings, open_folder), "-m", "listener"]
    subprocess.run(
        [*run, "init"], env=settings, user=NOBODY, cwd=open_folder, check=True, capture_output=True
    )
    with subprocess.Popen(
        [*run, "listen", "--ready-file", str(ready)],
        env=settings,
        user=NOBODY,
        cwd=open_folder,
        stderr=subprocess.PIPE,
    ) as process:
        try:

            def opened() -> bool:
                assert process.poll() is None
                return ready.is_file()

            steady.until(opened)
            port = int(json.loads(ready.read_text())["http"][0].rpartition(":")[2])
            assert port > 1024
        finally:
            process.terminate()
            process.wait(steady.PATIENCE)


@needs("systemd-analyze")
def test_the_units_are_sound(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/trapline/bin/trapline", shutil.which("true") or "/bin/true")
        (tmp_path / unit.name).write_text(text)
    copies = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *copies], capture_output=True, text=True, check=False)
    problems = [line for line in done.stderr.splitlines() if "trapline" in line]
    assert not problems


def test_systemd_is_told_when_it_is_ready_and_may_reload_it() -> None:
    unit = UNITS / "trapline.service"
    lines = set(unit.read_text().splitlines())
    assert {"Type=notify", "WatchdogSec=60", "ExecReload=/opt/trapline/bin/trapline reload"} <= lines


@needs_root
@needs("nft", "ip")
def test_low_ports_by_redirect_keep_the_visitors_address(open_folder: Path) -> None:
    """The rule of docs/deploy.md, in a network namespace of the test's own."""
    rules = "\n".join(
        line.removeprefix("    ")
        for line in (ROOT / "docs" / "deploy.md").read_text().splitlines()
        if line.startswith("    nft ")
    )
    assert "redirect to :8080" in rules
    name = f"deploy{os.getpid()}"
    script = f"""
import json, os, socket, subprocess, sys, threading
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["sh", "-ec", {rules!r}], check=True)
server = socket.create_server(("0.0.0.0", 8080))
seen = []
def serve():
    one, address = server.accept()
    seen.append(address[0]); one.close()
thread = threading.Thread(target=serve); thread.start()
client = socket.create_connection(("127.0.0.1", 80), 60, source_address=("127.0.0.9", 0))
client.recv(1); client.close(); thread.join(60)
print(json.dumps(seen))
"""
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        done = subprocess.run(
            ["ip", "netns", "exec", name, sys.executable, "-c", script],
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            check=False,
        )
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)
    assert done.stdout.strip() == '["127.0.0.9"]', done.stderr


def shell_blocks(heading: str) -> list[str]:
    """The sh blocks of one section of docs/deploy.md."""
    text = (ROOT / "docs" / "deploy.md").read_text()
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)


def sealed(home: Home) -> int:
    """How many entries the newest checkpoint covers."""
    with home.store.read() as connection:
        return int(connection.scalar(select(func.max(store.checkpoint.c.size))) or 0)


@pytest.mark.rehearsal
def test_backup_and_restore_word_for_word(any_home: Home, listen: Callable[..., Any], tmp_path: Path) -> None:
    """Under load, on each engine; the machine is lost behind the drill; the listener runs again on a new home."""
    backup, drill, restored = shell_blocks("Backup and restore")
    assert restored.endswith("trapline listen\n")

    def walk(home: Path, script: str) -> str:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["sh", "-ec", script],
            env={**environment(home), "PATH": path},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    canary = next(iter(minting.mint(any_home, "url"))).canary
    running = listen(any_home)
    with Load(running.http, canary.tokens[0].value) as load:
        load.wait_for(20)
        before = set(load.answered)
        walk(any_home.path, backup)
        saved = sealed(any_home)
        load.wait_for(20)
        steady.reach(lambda: sealed(any_home), saved + 1)
        assert "This was a drill" in walk(any_home.path, drill)
    running.process.kill()
    running.process.wait()
    if any_home.store.dialect == "postgresql":
        steady.drop_tables(any_home.store)
    any_home.close()
    steady.until(lambda: shutil.rmtree(any_home.path, ignore_errors=True) or not any_home.path.exists())
    said = walk(tmp_path / "new", restored.removesuffix("trapline listen\n"))
    assert "the ledger verifies" in said
    assert "of before are lost" in said
    with Home.open(tmp_path / "new") as home:
        again = listen(home)
        with Load(again.http, canary.tokens[0].value) as load:
            load.wait_for(5)
        assert before <= settle(home, len(before) + 5).keys()
        assert again.stop() == 0
