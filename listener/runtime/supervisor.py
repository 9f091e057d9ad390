"""The supervisor: binds the traps' sockets, starts front and back, restarts whichever ends, stops them in order.

It holds the sockets itself, so while a front is being started again visitors wait in the kernel's queue and nobody is
refused. It reads keys only to check that they are there and to fill the front's folder, and speaks to no visitor.

*Open* and *ready* are two things. The traps open at once: what comes is in the journal. Ready is said when the back
can work as well: keys, data, index and database loaded, and the journal its own.
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
from typing import Any

import msgspec

from canaries import __version__
from canaries.core import clock
from canaries.core.errors import HomeError, TraplineError
from canaries.installation.home import Home
from listener.health import control_socket
from listener.journal.fronts import certify_front
from listener.notify.configured import channels
from listener.notify.stamp_authorities import authorities
from listener.runtime import one_listener
from listener.runtime.bindings import bind_all, chosen
from listener.runtime.front_environment import front_environment
from listener.runtime.front_files import front_files
from listener.runtime.front_spec import front_spec
from listener.runtime.kept_child import KeptChild
from listener.runtime.needed_traps import TrapNeeds
from listener.runtime.open_traps import Addresses, OpenTraps
from listener.runtime.reloading import certificate_stamp, needs_restart, settings_digest
from listener.runtime.service_manager import ServiceManager

FRONT_GRACE_SECONDS = 8.0
BACK_GRACE_SECONDS = 60.0
KEYS = ("lookup", "log", "journal", "journal.pub", "vault.pub", "alerts", "front")
"""Without one of these there is no use in opening a trap."""

_PREDECESSOR_SECONDS = 5.0
"""How long the front of a listener that was killed may still hold its ports."""
_CERTIFICATE_SECONDS = 20.0
"""How often the files of the configured certificates are looked at."""
_UNREADY_SECONDS = 5.0


class Supervisor:
    """Runs the two processes of one listener."""

    def __init__(
        self, home: Home, say: Callable[[str], None], *, every: bool = False, needed: bool = False
    ) -> None:
        """``every``: open the traps without a section too, at their usual addresses, where those are free; ``needed``:
        those that live bait leads to, whatever ``listen.traps`` says."""
        self._home, self._say, self._every = home, say, every
        self._stopping = asyncio.Event()
        self._open = OpenTraps(say)
        self._needs = TrapNeeds(home, always=needed, never=every)
        self._manager = ServiceManager()
        self._started_at, self._loaded_at = home.now(), home.now()
        self._digest = settings_digest(home.path)
        self._journal, self._user = home.journal_folder, home.settings.listen.user
        self._stamp = certificate_stamp(home.settings)
        self._ready = False
        self._problems: dict[str, str] = {}
        self._reloading = asyncio.Lock()

    def run(self, opened: Callable[[Addresses], None]) -> int:
        """Run until SIGTERM or SIGINT; ``opened`` gets each trap's addresses once everything is ready.

        Returns the exit status. Raises TraplineError where a trap cannot be opened or a key cannot be read.
        """
        self._home.keys.check(*KEYS)
        lock = one_listener.lock(self._home.path)
        try:
            self._open.begin(self._bind(), chosen(self._home.settings))
            return asyncio.run(self._run(opened))
        finally:
            self._open.close()
            os.close(lock)

    def _bind(self) -> dict[str, list[socket.socket]]:
        """Every address. After a listener that was killed its front may hold the ports for a moment."""
        patience = _PREDECESSOR_SECONDS if control_socket.left_behind(self._home.path) else 0.0
        until = clock.monotonic() + patience
        while True:
            try:
                settings, passed_over = self._home.settings, self._passed_over if self._every else None
                return bind_all(settings, passed_over, wanted=self._needs.of(settings, chosen(settings)))
            except HomeError:
                if clock.monotonic() > until:
                    raise
            time.sleep(0.1)

    def _passed_over(self, error: HomeError) -> None:
        self._say(f"passed over: {error.sentence}")

    async def _run(self, opened: Callable[[Addresses], None]) -> int:
        loop = asyncio.get_running_loop()
        tasks: list[asyncio.Task[Any]] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._hung_up, tasks)
        self._back = back = KeptChild("back", self._start_back, self._say)
        self._front = front = KeptChild("front", self._start_front, self._say)
        server = await control_socket.serve(self._home.path, self._answer)
        try:
            async with self._reloading:
                await self._unless_stopped(self._start())
            if not self._stopping.is_set():
                tasks += [loop.create_task(child.keep(self._stopping)) for child in (back, front)]
                following = self._open.follow(self._needs, lambda: self._home.settings, self._reloading)
                tasks.append(loop.create_task(following))
                await self._unless_stopped(self._readied(opened))
                tasks += [loop.create_task(self._watch_certificates()), loop.create_task(self._pulse())]
            await self._stopping.wait()
        finally:
            self._manager.stopping()
            server.close()
            control_socket.gone(self._home.path)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # What the front has acknowledged is in the journal by then, and the back takes it in before it goes.
            await front.stop(FRONT_GRACE_SECONDS)
            await back.stop(BACK_GRACE_SECONDS)
        return 0

    async def _start(self) -> None:
        """Both processes, side by side. Raises HomeError where one of them ends with its reason."""
        started = await asyncio.gather(self._back.start(), self._front.start(), return_exceptions=True)
        for outcome in started:
            if isinstance(outcome, BaseException):
                raise outcome
        await self._back.settled()

    async def _readied(self, opened: Callable[[Addresses], None]) -> None:
        """Say ready once the back is; until then say why not. A database that is away keeps no trap shut."""
        said = ""
        while self._back.state != "ready":
            problem = self._back.problem or "the back is starting"
            if problem != said:
                self._say(f"the traps are open and record; not ready yet: {problem}")
            said = problem
            self._manager.starting(f"not ready: {problem}", 4 * _UNREADY_SECONDS)
            with contextlib.suppress(TimeoutError, HomeError):
                await asyncio.wait_for(self._back.settled(), _UNREADY_SECONDS)
            if self._back.state != "ready":
                await asyncio.sleep(0.2)
        self._ready = True
        opened(self._open.addresses())
        self._manager.ready(f"{len(self._open.sockets)} traps open")

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What is asked over the control socket: ``status`` or ``reload``."""
        match request.get("ask"):
            case "status":
                return self._status()
            case "reload":
                return await self._reload()
            case _:
                return {"error": "unknown request"}

    def _status(self) -> dict[str, Any]:
        return {
            "version": __version__,
            "pid": os.getpid(),
            "started_at": self._started_at,
            "loaded_at": self._loaded_at,
            "ready": self._ready,
            "settings_sha256": self._digest,
            "traps": self._open.addresses(),
            "shut": self._open.shut,
            "front": self._front.describe(),
            "back": self._back.describe(),
            "problems": self._problems,
        }

    def _hung_up(self, tasks: list[asyncio.Task[Any]]) -> None:
        async def reload() -> None:
            answer = await self._reload()
            self._say(answer.get("error") or answer["said"])

        tasks.append(asyncio.get_running_loop().create_task(reload()))

    async def _reload(self) -> dict[str, Any]:
        """Read the settings again and go on with them; where they are wrong, go on with the old ones and say so."""
        async with self._reloading:
            self._manager.reloading(int(clock.monotonic() * 1_000_000))
            digest, old = settings_digest(self._home.path), self._home
            try:
                fresh = Home.open(old.path)
                channels(fresh)
                authorities(fresh)
                left = needs_restart(old.settings, fresh.settings)
                fresh.keys.check(*KEYS)
                self._home = fresh
                await self._front.overlap(FRONT_GRACE_SECONDS)
                await self._back.replace(BACK_GRACE_SECONDS)
            except TraplineError as error:
                self._home = old
                self._problems["reload"] = error.sentence
                self._manager.ready(f"reload refused: {error.sentence}")
                return {"error": f"not reloaded, the old settings go on: {error.sentence}"}
            self._problems.pop("reload", None)
            self._digest, self._loaded_at = digest, fresh.now()
            self._stamp = certificate_stamp(fresh.settings)
            if left:
                self._problems["restart"] = ", ".join(left)
            else:
                self._problems.pop("restart", None)
            self._manager.ready(f"{len(self._open.sockets)} traps open")
        said = "reloaded: channels, certificates, proxies, data"
        if left:
            said += f"; needs a restart: {', '.join(left)}"
        return {"said": said, "needs_restart": left}

    async def _watch_certificates(self) -> None:
        """Take up a renewed certificate; one that cannot be read leaves the old one in use, and is said."""
        while True:
            await asyncio.sleep(_CERTIFICATE_SECONDS)
            async with self._reloading:
                stamp = certificate_stamp(self._home.settings)
                if stamp == self._stamp:
                    continue
                self._stamp = stamp
                try:
                    await self._front.overlap(FRONT_GRACE_SECONDS)
                except TraplineError as error:
                    self._problems["certificates"] = error.sentence
                    self._say(f"a renewed certificate cannot be used, the old one goes on: {error.sentence}")
                else:
                    self._problems.pop("certificates", None)
                    self._say("a renewed certificate is in use")

    async def _pulse(self) -> None:
        """Tell the service manager that this loop turns, and how the children are."""
        while self._manager.watchdog_seconds:
            states = ", ".join(f"{one.name} {one.state}" for one in (self._front, self._back))
            self._manager.alive(states)
            await asyncio.sleep(self._manager.watchdog_seconds)

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
        folder = front_files(self._home)
        front, key = certify_front(self._home)
        bound = dict(self._open.sockets)
        orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        descriptors = [theirs.fileno(), *(sock.fileno() for sockets in bound.values() for sock in sockets)]
        spec = front_spec(self._home, folder, bound, journal=self._journal, user=self._user)
        spec.front, spec.key, spec.orders = front, key.hex(), theirs.fileno()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "listener.runtime.front",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            pass_fds=descriptors, env=front_environment(), start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self._open.join(process, orders, bound)
        if process.stdin is not None:
            process.stdin.write(msgspec.json.encode(spec) + b"\n")
        return process

    async def _start_back(self) -> asyncio.subprocess.Process:
        # the front's folder, whatever the settings file has come to say meanwhile
        environment = {**os.environ, "TRAPLINE_JOURNAL_FOLDER": str(self._journal)}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "listener.runtime.back", "--home", str(self._home.path),
            "--parent", str(os.getpid()),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env=environment, start_new_session=True,
        )  # fmt: skip
