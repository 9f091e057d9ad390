"""What every act of the demo stands on: commands that are shown and run, and programs that run beside them.

Every step is the command a user would type, run as a process of its own.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from canaries.core.errors import CheckError, HomeError

PATIENCE_SECONDS = 60.0


def service_folder() -> Path:
    """The example service: inside the installed package, or in the checkout."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "alert_service"
    return inside if inside.is_dir() else here.parent / "examples" / "alert-service"


class Stage:
    """One run of the demo, everything below ``folder``."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder, self.tell = folder, tell
        self.base = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
        self.base |= {"TRAPLINE_HOME": str(folder / "home"), "TRAPLINE_OPERATOR": "demo"}

    @contextlib.contextmanager
    def alert_service(self, name: str) -> Iterator[str]:
        """The example service on the folder ``name``; its URL."""
        command = [sys.executable, str(service_folder() / "app.py"), str(self.folder / name)]
        log = self.folder / f"{name}.log"
        with (
            log.open("wb") as output,
            subprocess.Popen(command, env=self.plain(), stdout=subprocess.PIPE, stderr=output) as process,
        ):
            try:
                yield _line(process.stdout)
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)

    def plain(self) -> dict[str, str]:
        """The environment of those who know nothing of Trapline."""
        return {name: value for name, value in self.base.items() if not name.startswith("TRAPLINE_")}

    def mint(self, kind: str, *options: str) -> list[dict[str, Any]]:
        self.tell(f"  $ trapline mint {kind} {' '.join(_quoted(option) for option in options)}")
        return [
            msgspec.json.decode(line) for line in self.quiet("mint", kind, *options, "--json").splitlines()
        ]

    def quiet(self, *arguments: str) -> str:
        return self.command([sys.executable, "-m", "listener", *arguments], self.base)

    def trapline(self, environment: Mapping[str, str], *arguments: str, likewise: bool = False) -> str:
        """Run and show a command, and return what it says; ``likewise``: it says what the one before it said, which is
        not repeated. What is for programs (``--json``) is not shown."""
        self.tell(f"  $ trapline {' '.join(_quoted(argument) for argument in arguments)}")
        shown = None if likewise or "--json" in arguments else ""
        said = self.command([sys.executable, "-m", "listener", *arguments], environment, shown=shown)
        if likewise:
            self.tell("    likewise")
        return said

    def command(self, command: list[str], environment: Mapping[str, str], *, shown: str | None = None) -> str:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise CheckError(
                f"{' '.join(command[1:4])} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
            )
        if shown is not None:
            for line in done.stdout.splitlines():
                self.tell(f"    {shown + ': ' if shown else ''}{line}")
        return done.stdout

    def say(self, sentence: str) -> None:
        self.tell("")
        self.tell(f"{sentence}.")

    def until(self, found: Callable[[], bool], problem: Callable[[], str], pause: float = 0.1) -> None:
        """Wait for what the listener takes in; ``pause`` seconds between looks. Raises CheckError with ``problem``."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not found():
            if time.monotonic() > deadline:
                raise CheckError(problem())
            time.sleep(pause)


def _quoted(word: str) -> str:
    return f"'{word}'" if " " in word or "?" in word else word


def _line(stream: IO[bytes] | None) -> str:
    line = stream.readline().decode().strip() if stream is not None else ""
    if not line:
        raise HomeError("the alert service did not start")
    return line


def free_port() -> int:
    """A port of 127.0.0.1 that is free, below those that the kernel gives to whoever asks for any."""
    while True:
        port = random.SystemRandom().randrange(16_384, 32_768)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def wait(done: Callable[[], bool], process: subprocess.Popen[bytes], problem: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if process.poll() is not None or time.monotonic() > deadline:
            raise HomeError(problem)
        time.sleep(0.05)
