"""One row of the matrix: a client program, the bait it gets, and what must arrive."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.clients.box import Box


@dataclass(frozen=True, slots=True)
class Case:
    """A client and a bait."""

    client: str
    """The program or library, as its users call it."""
    package: str
    """``deb:NAME``, ``pypi:NAME`` or ``npm:NAME``: where it comes from."""
    kind: str
    """Of the bait."""
    facets: tuple[str, ...]
    """Which must arrive, all of them; empty where nothing comes: then nothing may come."""
    run: Callable[[Intruder], None]
    """What an intruder types."""
    how: str = ""
    """A word where one client has several rows."""
    options: tuple[str, ...] = ()
    """``NAME=VALUE`` for ``mint --set``."""
    named: bool = False
    """It needs host names or usual ports: nothing for a place that is only a path of a loopback address."""
    by_name: bool = False
    """The look-up of its host name is all that tells (or all that this protocol gives away)."""
    trusted: bool = False
    """It only takes a publicly trusted certificate, which is played by putting the installation's CA among its own."""

    @property
    def name(self) -> str:
        """Unique in the matrix."""
        return self.run.__name__.replace("_", "-")


CASES: list[Case] = []
"""Filled as the modules of ``cases/`` are imported."""

Run = Callable[["Intruder"], None]


def case(client: str, package: str, kind: str, *facets: str, **more: Any) -> Callable[[Run], Run]:
    """The decorated function is what this client does."""

    def add(run: Run) -> Run:
        CASES.append(Case(client, package, kind, facets, run, **more))
        return run

    return add


@dataclass(slots=True)
class Intruder:
    """Somebody with the stolen bait in a throw-away home."""

    box: Box
    home: Path
    canary: dict[str, Any]
    """What ``trapline mint --json`` said."""
    programs: dict[str, str]
    """``PATH``, ``NODE_PATH`` and the like: where the clients are."""
    said: list[str] = field(default_factory=list)
    """Each command's output, for when it fails."""

    @property
    def row(self) -> dict[str, str]:
        found: dict[str, str] = self.canary["row"]
        return found

    @property
    def text(self) -> str:
        """The bait as text."""
        return str(self.canary["text"])

    @property
    def sourced(self) -> dict[str, str]:
        """The variables of a bait that is lines of ``NAME=value``, as ``source .env`` sets them."""
        return {
            name: value.strip('"') for name, value in re.findall(r"^([A-Z_]+)=(.*)$", self.text, re.MULTILINE)
        }

    def file(self, suffix: str) -> Path:
        """The bait's file of that ending."""
        (found,) = [str(one["path"]) for one in self.canary["files"] if one["path"].endswith(suffix)]
        return self.home / found

    def run(self, *command: str, typed: str = "", seconds: float = 30, **variables: str) -> str:
        """Run a program in the box, in the bait's home; a program that fails may still have come by."""
        try:
            done = subprocess.run(
                self.box.argv(*command, folder=self.home),
                input=typed,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
                env={
                    **self.programs,
                    "HOME": str(self.home),
                    "USER": "mallory",
                    "TZ": "Asia/Tbilisi",
                    **variables,
                },
            )
        except subprocess.TimeoutExpired as error:
            self.said.append(
                f"$ {' '.join(command)[:300]}\n(still running after {seconds:g} s)\n{error.stderr!r}"
            )
            return ""
        self.said.append(
            f"$ {' '.join(command)[:300]}\n{done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
        )
        return done.stdout

    def python(self, code: str, **variables: str) -> str:
        """Run a script with the clients' own Python; ``row`` is the bait's."""
        start = f"row = {self.row!r}\n"
        return self.run("python", "-W", "ignore", "-c", start + code, typed="", seconds=30, **variables)

    def calls(self, start: str, *calls: str, **variables: str) -> None:
        """Run ``start`` with Python, then each call, printing what it says or how it fails: an intruder goes on."""
        tries = (f"try:\n    print({call})\nexcept Exception as e:\n    print(repr(e))" for call in calls)
        self.python("\n".join([start, *tries]), **self.sourced | variables)

    def node_calls(self, start: str, *calls: str, **variables: str) -> None:
        """The same with Node."""
        tries = "".join(
            f" try {{ console.log(await {call}) }} catch (e) {{ console.log(String(e)) }}" for call in calls
        )
        self.node(start + tries, **self.sourced | variables)

    def node(self, code: str, **variables: str) -> str:
        """Run a script with Node; ``row`` is the bait's."""
        start = f"const row = {json.dumps(self.row)};\n"
        return self.run(
            "node",
            "-e",
            f"{start}(async () => {{ {code} }})().catch(e => console.log(e))",
            typed="",
            seconds=30,
            **variables,
        )
