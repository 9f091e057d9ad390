"""One child process that has to be there: started, watched, started again with growing pauses, replaced, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from canaries.core import clock
from canaries.core.errors import HomeError, TraplineError

FIRST_WAIT, LONGEST_WAIT = 0.1, 30.0
"""Seconds before a child that died soon is started again: doubled each time, and said."""
REFUSED_WAIT = 2.0
"""The shortest pause after a child that ended with a sentence: what it lacks seldom comes back by itself."""
_SOUND_SECONDS = 10.0
"""A child that ran this long before it died is started again at once."""
_REFUSED_STATUS = 2
_FIRST_REPORT_SECONDS = 60.0
_LONGEST_LINE = 1 << 20

Process = asyncio.subprocess.Process


class KeptChild:
    """The process called ``name``; ``begin`` starts one."""

    def __init__(
        self, name: str, begin: Callable[[], Awaitable[Process]], say: Callable[[str], None]
    ) -> None:
        self.name, self._begin, self._say = name, begin, say
        self._process: Process | None = None
        self._readers: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()
        self._wait = FIRST_WAIT
        self._report: dict[str, Any] = {}
        self._reported = self._began = clock.monotonic()
        self._retry_at = 0.0
        self.restarts = 0
        """How often it was started again after it died."""
        self._last_end = ""

    async def start(self) -> None:
        """Start it and wait for its first report. Raises HomeError where it ends without one."""
        self._process = await self._awake()

    async def settled(self) -> str:
        """Wait until it is ready or says why it is not; ``ready`` or ``waiting``. Raises HomeError where it ends."""
        while True:
            self._news.clear()
            state = self.state
            if state in ("ready", "waiting"):
                return state
            process = self._process
            if process is not None and process.returncode is not None:
                raise self._not_started(process.returncode)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.2)

    @property
    def state(self) -> str:
        """``loading``, ``ready``, ``waiting``, ``refused`` or ``ended``."""
        process = self._process
        if process is None or process.returncode is not None:
            return "ended"
        return str(self._report.get("state", "ready"))

    @property
    def problem(self) -> str:
        """Why it is not ready, as it said itself."""
        return str(self._report.get("problem", ""))

    def describe(self) -> dict[str, Any]:
        """For ``status``: plain JSON values; seconds as floats."""
        now = clock.monotonic()
        process = self._process
        return {
            "state": self.state,
            "problem": self.problem,
            "pid": process.pid if process is not None and process.returncode is None else None,
            "seconds": round(now - self._began, 1),
            "report_age": round(now - self._reported, 1),
            "restarts": self.restarts,
            "last_end": self._last_end,
            "retry_in": round(max(0.0, self._retry_at - now), 1),
            "report": {key: value for key, value in self._report.items() if key not in ("state", "problem")},
        }

    async def keep(self, stopping: asyncio.Event) -> None:
        """Start it again whenever it dies, with growing pauses where it does so soon."""
        while self._process is not None:
            process = self._process
            status = await process.wait()
            if stopping.is_set():
                return
            if process is self._process and not self._turn.locked():
                await self._pause(status)
            async with self._turn:
                if process is not self._process or stopping.is_set():
                    continue
                self.restarts += 1
                try:
                    self._process = await self._awake()
                except (TraplineError, OSError) as problem:
                    self._say(f"the {self.name} process cannot be started: {problem}")

    async def _pause(self, status: int) -> None:
        self._last_end = f"exit status {status}" if status >= 0 else f"signal {_signal(-status)}"
        self._news.set()
        if clock.monotonic() - self._began > _SOUND_SECONDS:
            self._wait = FIRST_WAIT
            wait = 0.0
        else:
            if status == _REFUSED_STATUS:
                self._wait = max(self._wait, REFUSED_WAIT)
            wait = self._wait
            self._wait = min(self._wait * 2, LONGEST_WAIT)
        after = f"in {wait:.0f} seconds" if wait >= 1 else "again"
        self._say(f"the {self.name} process has ended ({self._last_end}); starting it {after}")
        self._retry_at = clock.monotonic() + wait
        await asyncio.sleep(wait)

    async def replace(self, grace: float) -> None:
        """End it and start another. Raises HomeError where the new one does not come up; then it is tried again."""
        async with self._turn:
            await self._end(self._process, grace)
            self._wait = FIRST_WAIT
            self._process = await self._awake()

    async def overlap(self, grace: float) -> None:
        """Start another one and end this one when the other is there. Raises HomeError; this one then goes on."""
        async with self._turn:
            old, before = self._process, (self._report, self._began)
            try:
                self._process = await self._awake()
            except BaseException:
                self._report, self._began = before
                raise
            await self._end(old, grace)

    async def stop(self, grace: float) -> None:
        """SIGTERM, and SIGKILL after ``grace`` seconds."""
        await self._end(self._process, grace)
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def _awake(self) -> Process:
        process = await self._begin()
        self._began = clock.monotonic()
        assert process.stdout is not None  # noqa: S101  ``begin`` asks for a pipe
        try:
            async with asyncio.timeout(_FIRST_REPORT_SECONDS):
                line = await process.stdout.readline()
        except TimeoutError:
            await self._end(process, 0.0)
            raise HomeError(
                f"the {self.name} process says nothing within {_FIRST_REPORT_SECONDS:.0f} seconds"
            ) from None
        except asyncio.CancelledError:
            await self._end(process, 0.0)
            raise
        if not line:
            raise self._not_started(await process.wait())
        self._took(line)
        task = asyncio.get_running_loop().create_task(self._read(process, process.stdout))
        self._readers.add(task)
        task.add_done_callback(self._readers.discard)
        return process

    def _not_started(self, status: int) -> HomeError:
        return HomeError(
            f"the {self.name} process did not start (status {status})", hint="its reason is above"
        )

    async def _read(self, process: Process, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # longer than the limit: not one of the child's reports
                continue
            if not line:
                return
            if self._process is None or process is self._process:
                self._took(line)

    def _took(self, line: bytes) -> None:
        try:
            report = json.loads(line)
        except ValueError:
            return
        if isinstance(report, dict) and len(line) < _LONGEST_LINE:
            self._report, self._reported = report, clock.monotonic()
            self._news.set()

    async def _end(self, process: Process | None, grace: float) -> None:
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), grace)
            except TimeoutError:
                if grace > 0:  # one that has not reported yet is given no time, and has nothing in hand
                    self._say(f"the {self.name} process does not end; it is killed")
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
