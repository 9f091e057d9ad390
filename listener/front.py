"""The front process: the only one that faces the internet. It reads its own folder, appends to the journal, answers.

python -m listener.front       one JSON line on stdin tells it what to open (`Spec`); stdin stays open as the lifeline:
                               its end, SIGTERM or the parent's death closes the traps. One JSON line on stdout says
                               where each trap listens, once all are open.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import secrets
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from canaries import clock, plugins
from canaries.authority import Authority
from canaries.errors import HomeError, TraplineError
from canaries.keys import Keys
from canaries.settings import bind
from canaries.text import visible
from listener import mishap
from listener.gate.certificates import Certificates
from listener.gate.lifeline import die_with_parent, drop_privileges
from listener.gate.sockets import places
from listener.journal import Journal
from listener.personas import Identity
from listener.sighting import Sighting
from listener.traps import FOLDER, Trap

log = logging.getLogger(__name__)

_CLOCK_SECONDS = 60.0
_FILES = 65_536
"""Open files asked for: every connection is one."""


class Opening(msgspec.Struct, forbid_unknown_fields=True):
    """One trap to open."""

    settings: dict[str, Any]
    """Its section of the settings, unbound."""
    sockets: list[int]
    """Inherited file descriptors, bound by the supervisor."""


class Spec(msgspec.Struct, forbid_unknown_fields=True):
    """All that the front is told."""

    folder: str
    """Its own folder (`listener.gate.front_files`)."""
    journal: str
    """The folder it appends to."""
    segment_bytes: int
    limit_bytes: int
    traps: dict[str, Opening]
    user: str = ""
    """Whom to become, where started as root."""
    domain: str = ""
    """The catch domain: no secret, its MX record names us."""


@dataclass(slots=True)
class Front:
    """What every trap of this process shares."""

    journal: Journal
    identity: Identity
    certificates: Certificates
    id: str
    """16 hexadecimal digits: which front process."""
    clock: dict[str, Any]
    """The latest `canaries.clock.ClockQuality`."""
    domain: str = ""
    """The catch domain, or empty."""
    _sightings: int = 0
    _connections: int = 0

    @classmethod
    def load(cls, folder: Path, journal: Journal) -> Front:
        """From the front's folder. Raises HomeError, SettingsError."""
        keys = Keys(folder)
        configured = tuple(sorted((folder / "certs").glob("*.pem")))
        certificates = Certificates(Authority.load(folder), _leaf(folder), keys.front, configured)
        return cls(
            journal, Identity(keys.front), certificates, secrets.token_hex(8), clock.quality().as_dict()
        )

    def next_connection(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections

    def sighting(
        self,
        *,
        trap: str,
        peer: tuple[str, int],
        local: tuple[str, int],
        raw: bytes,
        size: int,
        connection: int,
        observed_at: int = 0,
        transport: str = "tcp",
        tls: dict[str, Any] | None = None,
        via: dict[str, Any] | None = None,
        answer: str = "",
        notes: dict[str, Any] | None = None,
    ) -> Sighting:
        """A sighting with this front's id, its number and the clock's quality filled in."""
        self._sightings += 1
        return Sighting(
            secrets.token_hex(16),
            trap,
            observed_at or clock.micros(),
            peer,
            local,
            transport,
            raw,
            size,
            self.id,
            self._sightings,
            connection,
            self.clock,
            tls,
            via,
            answer,
            notes or {},
        )


def _leaf(folder: Path) -> bytes:
    try:
        return (folder / "leaf").read_bytes()
    except OSError as error:
        raise HomeError(f"the front's TLS key in {folder} cannot be read: {error.strerror}") from error


async def serve(spec: Spec) -> None:
    """Open the traps of ``spec`` and serve until told to stop. Raises TraplineError before anything is open."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_unasked)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(sys.stdin.fileno(), _lifeline, stop)
    journal = Journal(
        Path(spec.journal), Keys(Path(spec.folder)).journal_public,
        segment_bytes=spec.segment_bytes, limit_bytes=spec.limit_bytes,
    )  # fmt: skip
    front = Front.load(Path(spec.folder), journal)
    front.domain = spec.domain
    drop_privileges(spec.user)
    die_with_parent()
    if not os.access(spec.journal, os.W_OK | os.X_OK):
        raise HomeError(
            f"the front may not write to the journal folder {spec.journal}",
            hint="with listen.user, set journal.folder to a folder outside the home",
        )
    sampler = loop.create_task(_sample(front))
    traps: list[Trap] = []
    try:
        addresses = {}
        for name, opening in spec.traps.items():
            trap = plugins.pick(FOLDER, Trap, name, "trap")  # type: ignore[type-abstract]
            sockets = [socket.socket(fileno=number) for number in opening.sockets]
            traps.append(trap(bind(trap.Settings, opening.settings, f"traps.{name}"), front))
            await traps[-1].open(sockets)
            addresses[name] = places(sockets)
        gc.freeze()  # what is here now stays: the collector need not look at it again
        os.write(1, msgspec.json.encode(addresses) + b"\n")
        await stop.wait()
    finally:
        await asyncio.gather(*(trap.close() for trap in traps))
        sampler.cancel()
        await journal.close()


def _unasked(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What went wrong where nobody waits for it: asyncio's own way would print what a visitor sent."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        mishap.report(error)
    else:
        log.warning("%s", visible(str(context.get("message", "")), limit=200))


def _lifeline(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop.set()


async def _sample(front: Front) -> None:
    """Ask the kernel once a minute how good the clock is: it may drift long after the start."""
    while True:
        await asyncio.sleep(_CLOCK_SECONDS)
        front.clock = clock.quality().as_dict()


def main() -> None:
    """``python -m listener.front``."""
    import uvloop

    logging.basicConfig(format="front: %(message)s", level=logging.WARNING)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    gc.set_threshold(20_000, 20, 50)
    try:
        spec = msgspec.json.decode(_line(sys.stdin.fileno()), type=Spec)
        uvloop.run(serve(spec))
    except TraplineError as error:
        sys.stderr.write(f"front: {error.sentence}\n")
        sys.exit(error.status)


def _line(descriptor: int) -> bytes:
    """One line, and not a byte beyond it: the rest of stdin is the lifeline."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            break
        line += byte
    return bytes(line)


if __name__ == "__main__":
    main()
