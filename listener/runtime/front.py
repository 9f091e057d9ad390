"""The front process: the only one that faces the internet. It reads its own folder, appends to the journal, answers.

``python -m listener.runtime.front``: one JSON line on stdin tells it what to open (`Spec`); stdin stays open, and its
end, SIGTERM or the parent's death closes the traps. One JSON line on stdout says where each trap listens, once all are
open; then, each second, what each trap refused and how the journal does.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec

from canaries.core import clock, log_lines, plugins, safe_traceback
from canaries.core.errors import HomeError, TraplineError
from canaries.core.settings import bind
from canaries.core.text import visible
from canaries.crypto.keys import Keys
from canaries.crypto.sieve import Sieve
from canaries.installation.kinds_file import RETIRED, LiveKinds
from listener.net.context import TrapContext
from listener.net.lanes import Lanes
from listener.net.overload import Overload
from listener.net.sockets import places
from listener.runtime import child_reports
from listener.runtime.child_process import die_with_parent, drop_privileges
from listener.sensors.keys import FOLDER as FOLDER_OF_KEYS
from listener.sensors.keys import read_keys
from listener.traps import FOLDER, Trap

log = logging.getLogger(__name__)

OpenTrap = tuple[Trap, list[socket.socket]]
"""A trap that serves, and what it serves on."""

_CLOCK_SECONDS = 60.0
_LONGEST_ORDER, _MOST_SOCKETS = 65_536, 64
"""Bytes, and sockets of one trap."""
_FILES = 65_536
"""Open files asked for: every connection is one."""


class Opening(msgspec.Struct, forbid_unknown_fields=True):
    """One trap to open."""

    settings: dict[str, Any]
    """Its section of the settings, unbound."""
    sockets: list[int]
    """Inherited file descriptors, bound by the supervisor."""


class TrapOrder(msgspec.Struct, omit_defaults=True):
    """Told to a front that runs: open a trap, whose sockets come with it, or shut it."""

    trap: str
    settings: dict[str, Any] | None = None
    """Its section, to open it; None: shut it."""


class Spec(msgspec.Struct, forbid_unknown_fields=True):
    """All that the front is told."""

    folder: str
    """Its own folder (`listener.runtime.front_files`)."""
    journal: str
    """The folder it appends to."""
    segment_bytes: int
    limit_bytes: int
    traps: dict[str, Opening]
    user: str = ""
    """Whom to become, where started as root."""
    domain: str = ""
    """The catch domain: no secret, its MX record names this machine."""
    names: tuple[str, ...] = ()
    """The domains and addresses that bait leads to: no secret, they are in every certificate."""
    bare_host: str = ""
    """Of these the one that stands in every bait as it is: no label is part of it."""
    front: str = ""
    """Id of this front process, 16 hexadecimal digits."""
    key: str = ""
    """What it signs its frames with: 32 bytes, hexadecimal, made for this start."""
    json_log: bool = False
    """Whether it logs in JSON."""
    strict: bool = False
    """Whether all bait was minted with the sieve, so that what does not pass is refused as a guess."""
    orders: int = -1
    """Inherited socket over which a `TrapOrder` may come; -1: none will."""


async def serve(spec: Spec) -> None:
    """Open the traps of ``spec`` and serve until told to stop. Raises TraplineError before anything is open."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_unasked)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(sys.stdin.fileno(), _lifeline, stop)
    keys, overload = Keys(Path(spec.folder)), Overload()
    journal = Lanes(
        Path(spec.journal), keys.journal_public, Sieve(keys.front), overload,
        segment_bytes=spec.segment_bytes, limit_bytes=spec.limit_bytes,
        front=spec.front, key=bytes.fromhex(spec.key),
    )  # fmt: skip
    front = TrapContext.load(Path(spec.folder), journal, overload, strict=spec.strict, names=spec.names)
    front.domain, front.bare_host = spec.domain, spec.bare_host
    front.live_kinds = LiveKinds(Path(spec.folder))
    retired = LiveKinds(Path(spec.folder), RETIRED)
    front.identity.retired = lambda: retired() or frozenset()
    front.sensors = read_keys(Path(spec.folder) / FOLDER_OF_KEYS)
    front.id = spec.front or front.id
    drop_privileges(spec.user)
    die_with_parent()
    if not os.access(spec.journal, os.W_OK | os.X_OK):
        raise HomeError(
            f"the front may not write to the journal folder {spec.journal}",
            hint="with listen.user, set journal.folder to a folder outside the home",
        )
    sampler = loop.create_task(_sample(front))
    traps: dict[str, OpenTrap] = {}
    try:
        addresses = {}
        for name, opening in spec.traps.items():
            sockets = [socket.socket(fileno=number) for number in opening.sockets]
            traps[name] = await _opened(front, name, opening.settings, sockets)
            addresses[name] = places(sockets)
        gc.freeze()  # what is here now stays: the collector need not look at it again
        os.write(1, msgspec.json.encode(addresses) + b"\n")
        child_reports.begin()
        beside = [loop.create_task(_report(front)), loop.create_task(_follow(front, spec.orders, traps))]
        await stop.wait()
        for task in beside:
            task.cancel()
    finally:
        await asyncio.gather(*(trap.close() for trap, _ in traps.values()))
        sampler.cancel()
        await journal.close()


async def _opened(
    front: TrapContext, name: str, settings: dict[str, Any], sockets: list[socket.socket]
) -> OpenTrap:
    kind = plugins.pick(FOLDER, Trap, name, "trap")  # type: ignore[type-abstract]
    trap = kind(bind(kind.Settings, settings, f"traps.{name}"), front)
    await trap.open(sockets)
    return trap, sockets


async def _follow(front: TrapContext, orders: int, traps: dict[str, OpenTrap]) -> None:
    """Open and shut traps as the supervisor says, one after the other."""
    if orders < 0:
        return
    loop = asyncio.get_running_loop()
    with socket.socket(fileno=orders) as channel:
        channel.setblocking(False)
        while True:
            told = asyncio.Event()
            loop.add_reader(orders, told.set)
            await told.wait()
            loop.remove_reader(orders)
            data, descriptors, _, _ = socket.recv_fds(channel, _LONGEST_ORDER, _MOST_SOCKETS)
            if not data:
                return
            sockets = [socket.socket(fileno=number) for number in descriptors]
            try:
                await _obey(front, msgspec.json.decode(data, type=TrapOrder), sockets, traps)
            except Exception as error:  # noqa: BLE001  the other traps go on
                safe_traceback.log_error(error)


async def _obey(
    front: TrapContext, order: TrapOrder, sockets: list[socket.socket], traps: dict[str, OpenTrap]
) -> None:
    old, listening = traps.pop(order.trap, (None, []))
    if old is not None:
        await old.close()
        for sock in listening:
            sock.close()
    if order.settings is not None:
        traps[order.trap] = await _opened(front, order.trap, order.settings, sockets)


def _unasked(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What went wrong where nobody waits for it: asyncio's own way would print what a visitor sent."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        safe_traceback.log_error(error)
    else:
        log.warning("%s", visible(str(context.get("message", "")), limit=200))


def _lifeline(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop.set()


async def _report(front: TrapContext) -> None:
    """Tell the supervisor how it goes."""
    while True:
        child_reports.report(
            "ready",
            traps=front.counts(),
            journal=front.journal.problem,
            unwritten=front.journal.refused,
            overload=front.overload.episodes(),
        )
        await asyncio.sleep(child_reports.SECONDS)


async def _sample(front: TrapContext) -> None:
    """Ask the kernel once a minute how good the clock is: it may drift long after the start."""
    while True:
        await asyncio.sleep(_CLOCK_SECONDS)
        front.clock = clock.quality().as_dict()


def main() -> None:
    """``python -m listener.runtime.front``."""
    import uvloop

    handler = logging.StreamHandler()
    handler.setFormatter(log_lines.LineFormatter("front"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    gc.set_threshold(20_000, 20, 50)
    try:
        spec = msgspec.json.decode(_line(sys.stdin.fileno()), type=Spec)
        log_lines.use_json(spec.json_log)
        uvloop.run(serve(spec))
    except TraplineError as error:
        log_lines.write("front", error.sentence, "error")
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
