"""Long work: started by a request, done by one of a few threads, looked at by another request.

Jobs live in this process: bounded in number, gone with what they made after an hour or when the process ends.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canaries.core import clock
from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.safe_traceback import log_error
from listener.api.problems import ApiError

if TYPE_CHECKING:
    from canaries.accounts.permissions import Permission
    from canaries.installation.home import Home

WORKERS, MOST, MOST_OF_ONE, KEPT_OF_ONE = 2, 100, 5, 20
"""Threads; jobs that are kept; jobs of one account that wait or run; finished ones of one account that are kept."""
KEPT_SECONDS = 3600.0


@dataclass(slots=True)
class Job:
    """One piece of long work."""

    id: str
    kind: str
    account: str
    needs: Permission
    """Who has not this permission any more does not see what came of it."""
    created_at: str
    folder: Path
    """Its own, in the home; removed with it."""
    state: str = "waiting"
    """``waiting``, ``running``, ``done``, ``failed``."""
    done: int = 0
    """How far it is, in whatever it counts."""
    total: int = 0
    """0: not known."""
    result: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    file: Path | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    """Of what it is, for the entry of who takes the file."""
    finished_at: str = ""
    until: float = 0.0
    """On the monotonic clock; 0: while it is not finished."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "created_at": self.created_at,
            "finished_at": self.finished_at,
            "progress": {"done": self.done, "total": self.total},
            "result": dict(self.result),
            "problem": self.problem,
            "has_file": self.file is not None,
        }


Work = Callable[[Job], object]
"""Does it: sets ``done``, ``result``, ``file``. What it raises is the job's problem."""


class JobBoard:
    """All jobs of this process."""

    def __init__(self, home: Home, tick: Callable[[], float] = clock.monotonic) -> None:
        self._home, self._tick = home, tick
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None

    def start(
        self,
        kind: str,
        account: str,
        needs: Permission,
        work: Work,
        prepare: Callable[[Path], object] | None = None,
    ) -> Job:
        """Begin, or queue. ``prepare`` puts what the work needs into its folder. Raises ApiError."""
        with self._lock:
            self._sweep()
            busy = [job for job in self._jobs.values() if not job.until]
            full = len([job for job in busy if job.account == account]) >= MOST_OF_ONE
            if full or not self._room(account):
                raise ApiError(429, "Too Many Requests", "too many jobs wait or run", Retry_After="10")
            folder = Path(tempfile.mkdtemp(prefix="job-", dir=self._home.path))
            job = Job(secrets.token_hex(8), kind, account, needs, self._home.now(), folder)
            self._jobs[job.id] = job
            if self._pool is None:
                self._pool = ThreadPoolExecutor(WORKERS, "job")
            pool = self._pool
        try:
            if prepare is not None:
                prepare(folder)
            pool.submit(self._run, job, work)
        except BaseException:
            with self._lock:
                self._drop(job.id)
            raise
        return job

    def _run(self, job: Job, work: Work) -> None:
        job.state = "running"
        try:
            work(job)
            job.state = "done"
        except TraplineError as error:
            job.state, job.problem = "failed", error.sentence
        except Exception as error:  # noqa: BLE001  the job has failed, the thread goes on with the next
            log_error(error)
            job.state, job.problem = "failed", "this failed; the server's log says where"
        job.finished_at, job.until = self._home.now(), self._tick() + KEPT_SECONDS

    def find(self, job_id: str, account: str | None, may: Callable[[Permission], bool]) -> Job:
        """The job of this id; only of this account where one is given, and only where they ``may`` still do the like.
        Raises NotFoundError.
        """
        with self._lock:
            self._sweep()
            job = self._jobs.get(job_id)
        if job is None or account not in (None, job.account) or not may(job.needs):
            raise NotFoundError("there is no such job", hint="finished ones are kept for an hour")
        return job

    def listing(self, account: str | None, may: Callable[[Permission], bool]) -> list[Job]:
        """Newest first; only those that `find` finds."""
        with self._lock:
            self._sweep()
            mine = [job for job in reversed(self._jobs.values()) if account in (None, job.account)]
            return [job for job in mine if may(job.needs)]

    def close(self) -> None:
        """Let what runs finish, forget the rest, and remove what they made."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            for job_id in list(self._jobs):
                self._drop(job_id)

    def _sweep(self) -> None:
        now = self._tick()
        for job_id in [job.id for job in self._jobs.values() if job.until and job.until < now]:
            self._drop(job_id)

    def _room(self, account: str) -> bool:
        """Whether there is a place for one more: what is finished makes room, first that of whoever asks."""
        finished = [job for job in self._jobs.values() if job.until]
        own = [job for job in finished if job.account == account]
        for job in own[: max(0, len(own) - KEPT_OF_ONE + 1)]:
            self._drop(job.id)
        others = [job for job in finished if job.id in self._jobs]
        for job in others[: max(0, len(self._jobs) - MOST + 1)]:
            self._drop(job.id)
        return len(self._jobs) < MOST

    def _drop(self, job_id: str) -> None:
        shutil.rmtree(self._jobs.pop(job_id).folder, ignore_errors=True)
