"""The supervisor: binds the traps' sockets, starts front and back, starts again whichever dies, stops them in order.

It holds the sockets itself, so while a front is being started again visitors wait in the kernel's queue and nobody is
refused. It reads keys only to fill the front's folder, and speaks to no visitor.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from canaries.core import clock, files
from canaries.core.errors import HomeError, TraplineError
from canaries.installation.home import Home
from listener.journal.journal import claim
from listener.net.sockets import places
from listener.runtime.bindings import bind_all
from listener.runtime.front import Opening, Spec
from listener.runtime.front_files import front_files

FRONT_GRACE_SECONDS = 8.0
BACK_GRACE_SECONDS = 60.0
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0
_SOUND_SECONDS = 10.0
"""A child that ran this long before it died is started again at once."""

_PREDECESSOR_SECONDS = 5.0
"""How long the back of a listener that was killed may still be taking in what it left."""

_FRONT_VARIABLES = ("PATH", "PYTHON", "VIRTUAL_ENV", "LD_", "LANG", "LC_", "TZ")


class Supervisor:
    """Runs the two processes of one listener."""

    def __init__(self, home: Home, say: Callable[[str], None], *, every: bool = False) -> None:
        """``every``: open the traps without a section too, at their usual addresses, where those are free."""
        self._home, self._say, self._every = home, say, every
        self._stopping = asyncio.Event()
        self._sockets: dict[str, list[socket.socket]] = {}

    def run(self, opened: Callable[[dict[str, list[str]]], None]) -> int:
        """Run until SIGTERM or SIGINT; ``opened`` gets each trap's addresses once everything is ready.

        Returns the exit status. Raises TraplineError where a trap cannot be opened.
        """
        _alone(self._home.journal_folder)
        self._sockets = bind_all(self._home.settings, self._passed_over if self._every else None)
        try:
            return asyncio.run(self._run(opened))
        finally:
            for sockets in self._sockets.values():
                for sock in sockets:
                    sock.close()

    def _passed_over(self, error: HomeError) -> None:
        self._say(f"passed over: {error.sentence}")

    async def _run(self, opened: Callable[[dict[str, list[str]]], None]) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        back = _Child("back", self._start_back, self._say)
        front = _Child("front", self._start_front, self._say)
        watches: list[asyncio.Task[None]] = []
        try:
            await self._unless_stopped(back.start())
            await self._unless_stopped(front.start())
            if not self._stopping.is_set():
                opened({name: places(sockets) for name, sockets in self._sockets.items()})
            watches = [loop.create_task(child.keep(self._stopping)) for child in (back, front)]
            await self._stopping.wait()
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
            # What the front has acknowledged is in the journal by then, and the back takes it in before it goes.
            await front.stop(FRONT_GRACE_SECONDS)
            await back.stop(BACK_GRACE_SECONDS)
        return 0

    async def _unless_stopped(self, work: Awaitable[None]) -> None:
        """Await ``work``, or leave it where the listener is told to stop meanwhile."""
        task = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if task.done():
            task.result()
        else:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _start_front(self) -> asyncio.subprocess.Process:
        settings = self._home.settings
        folder = front_files(self._home)
        descriptors = [sock.fileno() for sockets in self._sockets.values() for sock in sockets]
        spec = Spec(
            folder=str(folder),
            journal=str(self._home.journal_folder),
            segment_bytes=settings.journal.segment_mb << 20,
            limit_bytes=settings.journal.limit_mb << 20,
            traps={
                name: Opening(dict(settings.traps.get(name, {})), [sock.fileno() for sock in sockets])
                for name, sockets in self._sockets.items()
            },
            user=settings.listen.user,
            domain=settings.bait.domain,
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "listener.runtime.front",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            pass_fds=descriptors, env=_front_environment(), start_new_session=True,
        )  # fmt: skip
        if process.stdin is not None:
            process.stdin.write(msgspec.json.encode(spec) + b"\n")
        return process

    async def _start_back(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "listener.runtime.back", "--home", str(self._home.path),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip


class _Child:
    """One process that has to be there."""

    def __init__(
        self,
        name: str,
        begin: Callable[[], Awaitable[asyncio.subprocess.Process]],
        say: Callable[[str], None],
    ) -> None:
        self._name, self._begin, self._say = name, begin, say
        self._process: asyncio.subprocess.Process | None = None
        self._wait = _FIRST_WAIT

    async def start(self) -> None:
        """Start it and wait for its line on stdout that says it is ready. Raises HomeError where none comes."""
        self._process = await self._begin()
        if self._process.stdout is None or not await self._process.stdout.readline():
            status = await self._process.wait()
            raise HomeError(
                f"the {self._name} process did not start (status {status})", hint="its reason is above"
            )

    async def keep(self, stopping: asyncio.Event) -> None:
        """Start it again whenever it dies, with growing pauses where it does so soon."""
        while self._process is not None:
            began = clock.monotonic()
            status = await self._process.wait()
            if stopping.is_set():
                return
            self._say(f"the {self._name} process has ended (status {status}); starting it again")
            if clock.monotonic() - began > _SOUND_SECONDS:
                self._wait = _FIRST_WAIT
            else:
                await asyncio.sleep(self._wait)
                self._wait = min(self._wait * 2, _LONGEST_WAIT)
            try:
                await self.start()
            except (TraplineError, OSError) as problem:
                self._say(f"the {self._name} process cannot be started: {problem}")

    async def stop(self, grace: float) -> None:
        """SIGTERM, and SIGKILL after ``grace`` seconds."""
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), grace)
            except TimeoutError:
                self._say(f"the {self._name} process does not end; it is killed")
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _alone(folder: Path) -> None:
    """Refuse to be the second listener of one home. One that is just ending is waited for. Raises HomeError."""
    until = clock.monotonic() + _PREDECESSOR_SECONDS
    while True:
        try:
            os.close(claim(folder))
        except HomeError:
            if clock.monotonic() > until:
                raise
            time.sleep(_FIRST_WAIT)
        else:
            return


def _front_environment() -> dict[str, str]:
    """What Python needs of our environment. Settings come by it too, database logins among them: those stay here."""
    return {name: value for name, value in os.environ.items() if name.startswith(_FRONT_VARIABLES)}


def write_ready(path: Path, addresses: dict[str, list[str]]) -> None:
    """The ready file: there whole, or not there."""
    try:
        files.replace(path, msgspec.json.encode(addresses) + b"\n", mode=0o644)
    except OSError as error:
        raise HomeError(f"the ready file {path} cannot be written: {error.strerror}") from error
