"""Makes home-0.1.tar.gz and dossier-0.1.zip with the first version: ``python tests/data/make_home.py TRAPLINE``.

TRAPLINE is the command of an installed Trapline 0.1.0. The home has canaries of several kinds, bait in place, hits over
two protocols, an incident with a note and an assessment, alerts sent, a sealed ledger, and at the end of its journal
what a back that was killed never took in. Everything in it was made for this: its keys are test keys.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import steady

HERE = Path(__file__).resolve().parent
WORK = Path("/tmp/trapline-0.1")
UNDRAINED = 5
ENVIRONMENT = {
    "PATH": os.defpath,
    "TRAPLINE_HOME": str(WORK / "home"),
    "TRAPLINE_OPERATOR": "alice",
    "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0",
    "TRAPLINE_TRAPS_REDIS_BIND": "127.0.0.1:0",
    "TRAPLINE_CHANNELS_LOG_TYPE": "file",
    "TRAPLINE_CHANNELS_LOG_PATH": str(WORK / "alerts.ndjson"),
}


def until(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + 60
    while not (found := condition()):
        if time.monotonic() > end:
            raise SystemExit("it did not happen")
        time.sleep(0.1)
    return found


class Maker:
    """Drives the old command."""

    def __init__(self, command: str) -> None:
        self.command = command

    def run(self, *words: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            [self.command, *words], env=ENVIRONMENT, cwd=WORK, check=True, stdout=subprocess.PIPE, text=True
        )
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    @contextlib.contextmanager
    def listening(self) -> Any:
        ready = WORK / "ready.json"
        ready.unlink(missing_ok=True)
        command = [self.command, "listen", "--ready-file", str(ready)]
        with subprocess.Popen(command, env=ENVIRONMENT, cwd=WORK) as process:
            until(ready.is_file)
            yield process, {name: found[0] for name, found in json.loads(ready.read_text()).items()}
            process.terminate()


def ask(address: str, data: bytes) -> bytes:
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), steady.PATIENCE) as sock:
        sock.sendall(data)
        return sock.recv(65_536)


def request(token: str, number: int) -> bytes:
    return (
        f"GET /{token}/?n={number} HTTP/1.1\r\nHost: files.example\r\nUser-Agent: curl/8.5.0\r\n"
        "Connection: close\r\n\r\n"
    ).encode()


def value(minted: dict[str, Any], facet: str) -> str:
    return str(next(token["value"] for token in minted["tokens"] if token["facet"] == facet))


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def back(pid: int) -> int:
    return next(one for one in children(pid) if b"back" in Path(f"/proc/{one}/cmdline").read_bytes())


def make(command: str) -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(mode=0o700)
    maker = Maker(command)
    maker.run("init", "--organisation", "Test Trust", "--listen", "127.0.0.1:8080")
    (url,) = maker.run("mint", "url", "--memo", "runbook", "--json")
    (redis,) = maker.run("mint", "redis-url", "--memo", "cache", "--json")
    (aws,) = maker.run("mint", "aws-key", "--memo", "build server", "--recipient", "team 7", "--json")
    maker.run("mint", "user", "--count", "2", "--json")
    (share := WORK / "share").mkdir()
    maker.run("plant", aws["id"], str(share))
    maker.run("plant", url["id"], str(share))
    with maker.listening() as (_, address):
        for number in range(3):
            ask(address["http"], request(value(url, "path"), number))
        login = (
            ("AUTH", value(redis, "user"), value(redis, "password"))
            if any(token["facet"] == "user" for token in redis["tokens"])
            else ("AUTH", value(redis, "password"))
        )
        words = "".join(f"${len(word)}\r\n{word}\r\n" for word in login)
        ask(address["redis"], f"*{len(login)}\r\n{words}".encode())
        until(lambda: len(maker.run("hits", "--json")) == 4)
        until(lambda: (WORK / "alerts.ndjson").is_file())
    (incident, *_) = [one for one in maker.run("incidents", "--json") if one["hits"] >= 3]
    maker.run("incident", incident["id"], "--note", "Seen at the stand-up.")
    maker.run(
        *("incident", incident["id"], "--assess", "Somebody reads the runbook.", "--likelihood", "likely"),
        *("--confidence", "low", "--because", "one source only"),
    )
    maker.run("retire", aws["id"])
    maker.run("ledger", "seal")
    shutil.rmtree(HERE / "out", ignore_errors=True)
    (HERE / "dossier-0.1.zip").unlink(missing_ok=True)
    maker.run("dossier", "build", "--incident", incident["id"], "--out", "case.zip")
    maker.run("ledger", "seal")
    with maker.listening() as (process, address):
        os.kill(back(process.pid), signal.SIGSTOP)
        for number in range(UNDRAINED):
            ask(address["http"], request(value(url, "path"), 100 + number))
        for pid in (process.pid, *children(process.pid)):
            os.kill(pid, signal.SIGKILL)
    database = sqlite3.connect(WORK / "home" / "trapline.db")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("VACUUM")
    database.close()
    shutil.copy(WORK / "case.zip", HERE / "dossier-0.1.zip")
    with tarfile.open(HERE / "home-0.1.tar.gz", "w:gz") as archive:
        for path in sorted((WORK / "home").rglob("*")):
            shipped = "data" in path.relative_to(WORK).parts  # unpacked from the package, 12 MB
            if not shipped and not path.name.endswith(("-wal", "-shm")):
                archive.add(path, path.relative_to(WORK), recursive=False, filter=_nobodys)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    make(sys.argv[1])
