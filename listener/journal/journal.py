"""The journal: the append-only file between front and back, and all that the front ever writes.

*Front*: `Journal.append` returns only when the sighting is on disk. While one frame is written, what comes waits for
the next: group commit, so sixty-four waiting requests cost one sync. The event loop hands a frame's sightings to the
writer's thread at the end of its turn, when all that had arrived is among them: on a fast disk too, frames are few.
Frames are boxes for the back's key: whoever takes the front's machine reads nothing of what it wrote.

*Back*: `listener.journal.segment` reads whole frames from an offset. A torn frame at the end was never acknowledged; a
front that starts anew begins a new segment, so nothing is ever written behind a torn frame. Its writer holds a lock on
a segment from before it is there to after its last byte: whether one is `closed` is asked of the kernel, not of names,
which follow a clock that may be set back.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import logging
import os
import secrets
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

from canaries.core import clock, files
from canaries.core.errors import HomeError, TraplineError
from canaries.crypto.sealed_box import BoxSealer
from listener.evidence import sighting as sightings
from listener.evidence.sighting import Sighting
from listener.journal.chain import FrameChain
from listener.journal.segment import BULK_SUFFIX, HEAD, SUFFIX, held

_LARGEST_BATCH = 256
"""Sightings a frame: bounds what is lost to one damaged sector, and the back's memory."""
_LARGEST_BATCH_BYTES = 8 << 20
_LARGEST_BULK_BYTES = 1 << 20
"""Of the lane whose frames the other one has to wait for."""

_Item = tuple[Sighting, asyncio.Future[None]]


def claim(folder: Path) -> int:
    """Take the folder for the one back that drains it: a descriptor, to be closed. Raises HomeError."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise HomeError(f"the journal folder {folder} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ClaimedError(f"another listener is draining {folder}", hint="stop it first") from None
    return descriptor


log = logging.getLogger(__name__)


class ClaimedError(HomeError):
    """Another back drains this folder."""


class JournalError(TraplineError):
    """The journal cannot be written (disk full, over its limit, closed): nobody gets an answer."""


class Journal:
    """The front's side. `append` belongs to the event loop; a thread writes."""

    def __init__(
        self,
        folder: Path,
        public_key: bytes,
        *,
        segment_bytes: int = 64 << 20,
        limit_bytes: int = 4 << 30,
        bulk: bool = False,
        chain: FrameChain | None = None,
    ) -> None:
        """``bulk``: for the lane that is drained when nothing waits in the other (`listener.journal.segment`)."""
        self._folder = folder
        self._suffix = BULK_SUFFIX if bulk else SUFFIX
        self._batch_bytes = _LARGEST_BULK_BYTES if bulk else _LARGEST_BATCH_BYTES
        self._chain = chain or FrameChain()
        self._sealer = BoxSealer(public_key, "journal")
        self._segment_bytes, self._limit_bytes = segment_bytes, limit_bytes
        self._waiting: list[_Item] = []
        self._handed: SimpleQueue[list[_Item] | None] = SimpleQueue()
        self._due = self._closing = False
        self._writing = 0
        self._idle = asyncio.Event()
        self._descriptor = -1
        self._again = False
        self._path = folder
        self._size = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self.problem = ""
        """Why the last batch could not be written; empty where it was."""
        self.refused = 0
        """Sightings that could not be written."""
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)

    async def append(self, sighting: Sighting) -> None:
        """Return once the sighting is on disk. Raises JournalError where it is not."""
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
            self._thread.start()
        if self._closing:
            raise JournalError("the journal is closed")
        future = loop.create_future()
        self._waiting.append((sighting, future))
        self._hand_over_soon()
        await future

    async def close(self) -> None:
        """Write what waits, then close the segment."""
        self._closing = True
        while self._due or self._writing:
            self._idle.clear()
            await self._idle.wait()
        if self._loop is not None:
            self._handed.put(None)
            await asyncio.to_thread(self._thread.join)
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _hand_over_soon(self) -> None:
        """At the end of this turn of the loop; not while a frame is being written, when `_settle` comes back here."""
        if not self._due and not self._writing:
            self._due = True
            asyncio.get_running_loop().call_soon(self._hand_over)

    def _hand_over(self) -> None:
        batch, self._waiting = self._waiting, []
        self._due, self._writing = False, len(batch)
        self._handed.put(batch)

    def _settle(self, batch: list[_Item], problem: JournalError | None) -> None:
        """Tell those who wait; when all that was handed over is settled, what came meanwhile is next."""
        for _, future in batch:
            if future.done():  # its client went away meanwhile
                continue
            if problem is None:
                future.set_result(None)
            else:
                future.set_exception(problem)
        self._writing -= len(batch)
        if not self._writing and self._waiting:
            self._hand_over_soon()
        elif not self._writing:
            self._idle.set()

    def _write_all(self) -> None:
        """What the writer's thread does."""
        while (batch := self._handed.get()) is not None:
            for part in _portions(batch, self._batch_bytes):
                self._commit(part)

    def _commit(self, batch: list[_Item]) -> None:
        problem: JournalError | None = None
        try:
            self._write(sightings.encode_content([sighting for sighting, _ in batch]))
        except OSError as error:
            problem = JournalError(f"the journal cannot be written: {error.strerror}")
        except JournalError as error:
            problem = error
        except Exception as error:  # noqa: BLE001  a sighting that cannot be encoded costs no other its place
            if len(batch) > 1:
                middle = len(batch) // 2
                self._commit(batch[:middle])
                self._commit(batch[middle:])
                return
            problem = JournalError(f"a sighting cannot be written down: {type(error).__name__}")
        self.problem = problem.sentence if problem else ""
        self.refused += len(batch) if problem else 0
        assert self._loop is not None  # noqa: S101  set before the thread started
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits for an answer any more
            self._loop.call_soon_threadsafe(self._settle, batch, problem)

    def _write(self, content: bytes) -> None:
        if self._descriptor < 0 or self._size >= self._segment_bytes:
            self._begin_segment()
        link = self._chain.link(content)
        box = self._sealer.seal(sightings.join(content, link))
        frame = HEAD.pack(len(box), zlib.crc32(box)) + box
        try:
            _write_out(self._descriptor, frame)
        except OSError:
            # Whatever part of the frame got out was acknowledged to nobody. After a failed sync the kernel may have
            # dropped the pages, so nothing more is written here either: the next batch begins a new segment.
            with contextlib.suppress(OSError):
                if self._size:
                    os.ftruncate(self._descriptor, self._size)
                else:  # a full disk is tried again with each batch: no file is left of each
                    self._path.unlink()
            os.close(self._descriptor)
            self._descriptor = -1
            raise
        self._size += len(frame)
        if not os.fstat(self._descriptor).st_nlink:
            self._removed(content)
        else:
            self._chain.written(link)

    def _removed(self, content: bytes) -> None:
        """Somebody removed the open segment: what is written there is nowhere. Once more, into a new one."""
        os.close(self._descriptor)
        self._descriptor = -1
        if self._again:
            raise JournalError(
                "open segments are removed", hint="who may delete files in the journal's folder?"
            )
        log.error("the open journal segment was removed: what the back had not read of it is lost")
        self._again = True
        try:
            self._write(content)
        finally:
            self._again = False

    def _begin_segment(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        if held(self._folder) > self._limit_bytes:
            raise JournalError(
                "the journal is over its limit", hint="is the back running? see journal.limit_mb"
            )
        path = self._folder / f"{clock.micros():017d}-{secrets.token_hex(8)}{self._suffix}"
        draft = path.with_suffix(".new")
        # O_DSYNC: a write returns once it is on disk, as if fdatasync(2) followed, at one turn of the interpreter less
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_DSYNC | os.O_CLOEXEC
        descriptor = os.open(draft, flags, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            draft.rename(path)
            files.sync_folder(self._folder)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor, self._path, self._size = descriptor, path, 0


def _write_out(descriptor: int, frame: bytes) -> None:
    """The whole frame on disk. A short write is a full disk or a quota. Raises OSError."""
    if os.write(descriptor, frame) != len(frame):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _portions(batch: list[_Item], most_bytes: int) -> Iterator[list[_Item]]:
    part: list[_Item] = []
    weight = 0
    for item in batch:
        part.append(item)
        weight += len(item[0].raw)
        if len(part) >= _LARGEST_BATCH or weight >= most_bytes:
            yield part
            part, weight = [], 0
    if part:
        yield part
