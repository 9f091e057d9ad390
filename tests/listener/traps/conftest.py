"""What tests of traps share: a stolen bait, and the hit that its use becomes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from canaries.core.model import Bait, Canary
from canaries.installation.home import Home
from canaries.mint import minting
from listener.incidents import queries
from tests import steady
from tests.programs import require

_TOML = '[operator]\norganisation = "Test Trust"\n[bait]\nbase_url = "https://{label}.harbour-view.net"\n'


@dataclass
class Theft:
    """A listener with one trap, a bait for it, and what an intruder does with it."""

    home: Home
    trap: str
    port: int
    canary: Canary
    bait: Bait
    addresses: list[str] = field(default_factory=list)
    """Where the trap listens, ``host:port``."""
    _seen: set[str] = field(default_factory=set)
    _since: str = ""

    @property
    def row(self) -> dict[str, str]:
        """The bait's values."""
        return self.bait.row

    @property
    def local_url(self) -> str:
        """The bait's URL, as if its host name led to loopback."""
        return self.row["url"].replace(self.row["host"], "127.0.0.1")

    def plant(self, host: str = "127.0.0.1") -> None:
        """Put the bait's files into the home folder of `run`, as if its host name led to loopback."""
        for file in self.bait.files:
            path = self.home.path.parent / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content.replace(self.row["host"].encode(), host.encode()))
            path.chmod(file.mode)

    def run(self, *command: str, stdin: str = "", **environment: str) -> str:
        """A client program in a throw-away environment; what it said on both streams."""
        require(command[0])
        plain = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home.path.parent),
            "LANG": "C.UTF-8",
            **environment,
        }
        given = stdin.encode()
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=steady.PATIENCE, check=False, env=plain
        )
        return (done.stdout + done.stderr).decode("utf-8", "replace")

    def hit(self, request: str) -> queries.Hit:
        """The next hit of this ``request`` that no test has seen yet."""

        def fresh() -> queries.Hit | None:
            for hit in queries.hits(self.home):
                if hit.entry.body["observed_at"] < self._since or hit.id in self._seen:
                    continue
                if hit.entry.body["observed"].get("request") == request:
                    return hit
            return None

        hit = steady.until(fresh, f"no hit of a {request}")
        assert hit is not None
        self._seen.add(hit.id)
        assert (hit.trap, hit.canary) == (self.trap, self.canary.id)
        return hit

    def acts(self, hit: queries.Hit, request: str, count: int) -> list[dict[str, Any]]:
        """What was done behind a hit on its connection, of this ``request``, when it is so many."""

        def enough() -> list[dict[str, Any]]:
            seen = [dict(act.entry.body["observed"]) for act in queries.acts_of(self.home, hit.id, 64)]
            found = [one for one in seen if one.get("request") == request]
            return found if len(found) >= count else []

        return steady.until(enough, f"not {count} acts {request}")

    def forget(self) -> None:
        """What was hit before is no later test's, whenever it is taken in."""
        self._since = self.home.now()


@pytest.fixture(scope="module")
def steal(
    tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]
) -> Iterator[Callable[..., Theft]]:
    """``steal("postgres", "postgres-url", **options)``: a listener with that trap on a free port, and a bait for it.

    ``toml`` continues the home's settings, in ``[bait]``.
    """
    homes = []

    def start(trap: str, kind: str, *, toml: str = "", **options: str) -> Theft:
        home = steady.installation(tmp_path_factory.mktemp(trap) / "home", _TOML + toml, trap)
        homes.append(home)
        running = listen_once(home, **{f"TRAPLINE_TRAPS_{trap.upper()}_BIND": "127.0.0.1:0"})
        port = int(running.addresses[trap][0].rpartition(":")[2])
        if hasattr(minting.kind(kind).Options(), "port"):
            options.setdefault("port", str(port))
        made = next(iter(minting.mint(home, kind, options=options)))
        return Theft(home, trap, port, made.canary, made.bait, running.addresses[trap])

    yield start
    for home in homes:
        home.store.close()
