"""Reports on their way to the listener: from a thread of its own, kept in a bounded file while the listener is away.

A request never waits: it leaves its report in memory. What the listener does not take at once goes to the spool, a file
of JSON lines, and is sent again, with the same id, when the listener is back; also what an earlier process left there.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import hmac
import http.client
import json
import os
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PATH = "/report"
_TIMEOUT = 5.0
_AT_THE_END = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between attempts."""


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._socket_path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._socket_path)


def connect(place: str, ca_file: str | None = None) -> http.client.HTTPConnection:
    """To ``unix:/path``, ``http://host:port`` or ``https://host:port``; opened by the first request."""
    if place.startswith("unix:"):
        return UnixConnection(place.removeprefix("unix:"), _TIMEOUT)
    parts = urlsplit(place)
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca_file)
        return http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=_TIMEOUT, context=context
        )
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT)


def post(
    connection: http.client.HTTPConnection, name: str, key: bytes, path: str, body: bytes
) -> tuple[int, str]:
    """Send ``body``, signed; status and text of the answer. Raises OSError, HTTPException."""
    digest = hmac.digest(key, path.encode() + b"\n" + body, hashlib.sha256).hex()
    connection.request("POST", path, body, {"Authorization": f"Sensor {name}:{digest}"})
    response = connection.getresponse()
    return response.status, response.read().decode("utf-8", "replace")


class Reporter:
    """Sends what one sensor noticed."""

    def __init__(
        self,
        name: str,
        key: str,
        report_to: list[str],
        *,
        spool: Path | None = None,
        most: int = 1000,
        spool_bytes: int = 16 << 20,
        ca_file: str | None = None,
    ) -> None:
        """``report_to``: ``unix:/path``, ``http://`` or ``https://`` addresses, tried in their order. ``most``: reports
        in memory; ``spool_bytes``: of the file. Beyond both they are counted (`dropped`) and lost."""
        self._name, self._key, self._places = name, key.encode(), report_to
        self._spool, self._spool_bytes, self._ca_file = spool, spool_bytes, ca_file
        self._waiting: deque[bytes] = deque()
        self._most = most
        self._wake = threading.Condition()
        self._pid = 0
        self._beginning = threading.Lock()
        self._spool_fails = False
        self._busy = False
        self._closing = False
        self._closed = threading.Event()
        self.dropped = 0
        """Reports that could neither be sent nor kept, and were not told of yet."""

    def put(self, report: dict[str, Any]) -> None:
        """Take a report; returns at once."""
        if self._pid != os.getpid():
            self._begin()
        with self._wake:
            if len(self._waiting) >= self._most:
                self.dropped += 1
                return
            if self.dropped:
                report["dropped"], self.dropped = self.dropped, 0
            self._waiting.append(encoded(report))
            self._wake.notify()

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until nothing is left in memory; whether that came to be."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def _begin(self) -> None:
        """The thread of this process, once. What a parent had in memory at the fork is the parent's to send."""
        with self._beginning:
            if self._pid == os.getpid():
                return
            self._wake = threading.Condition()
            self._waiting = deque()
            self._pid, self._busy = os.getpid(), False
            threading.Thread(target=self._run, name="sensor reports", daemon=True).start()
            atexit.register(self._end)

    def _end(self) -> None:
        """At the process's end: what can be sent is sent, what cannot is in the spool."""
        self.flush(_AT_THE_END)
        self._closing = True
        self._closed.set()
        with self._wake:
            self._wake.notify_all()

    def _run(self) -> None:
        """Until the process ends. While the listener is away it is tried now and then, whatever comes in meanwhile."""
        away_until, pause = 0.0, 0.0
        while not self._closing:
            away = max(0.0, away_until - time.monotonic())
            if away and (self._spool is None or self._spool_fails):
                self._closed.wait(away)
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._closing, away if pause else None)
                batch = list(self._waiting)
                self._waiting.clear()
                self._busy = True
            try:
                if self._spool is not None and not self._spool_fails and time.monotonic() < away_until:
                    self._append(batch)
                    continue
                sent = self._deliver(batch)
            except Exception:  # noqa: BLE001  a sensor must never stop its application, nor stop itself
                sent = False
            finally:
                with self._wake:
                    self._busy = False
                    self._wake.notify_all()
            pause = 0.0 if sent else min(_LONGEST_PAUSE, 2 * pause or _FIRST_PAUSE)
            away_until = time.monotonic() + pause if pause else 0.0

    def _deliver(self, batch: list[bytes]) -> bool:
        """Send what earlier attempts left, then the batch; keep what is not taken. Whether all was taken."""
        left = list(batch)
        try:
            with self._locked_spool():
                left[:0] = [line for line in self._spooled() if line not in batch]
                found = len(left)
                self._send_all(left)
                if self._spool is not None and found:
                    self._rewrite(left)
            self._spool_fails = False
        except OSError:  # its folder is not there or closed, the disk is full: as if there were no spool
            self._spool_fails = True
            self._send_all(left)
        if left and (self._spool is None or self._spool_fails):
            self._back(left)
        return not left

    def _back(self, left: list[bytes]) -> None:
        """Into memory again, before what came meanwhile; what does not fit is dropped."""
        with self._wake:
            room = max(0, self._most - len(self._waiting))
            self._waiting.extendleft(reversed(left[:room]))
            self.dropped += len(left) - len(left[:room])

    def _send_all(self, left: list[bytes]) -> None:
        """Take off ``left`` what any place takes; an address that cannot be (ValueError) is one that is away."""
        for place in self._places:
            if not left:
                return
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                self._send(place, left)

    def _send(self, place: str, left: list[bytes]) -> None:
        """Take off ``left`` what this place takes. Raises OSError, HTTPException."""
        connection = connect(place, self._ca_file)
        try:
            while left and self._taken(connection, left[0]):
                del left[0]
        finally:
            connection.close()

    def _taken(self, connection: http.client.HTTPConnection, body: bytes) -> bool:
        """Whether this one is done with: kept by the listener, or none that it will ever keep, which is told."""
        status, _ = post(connection, self._name, self._key, _PATH, body)
        if status == 400:
            self.dropped += 1
        return status in (200, 400)

    @contextlib.contextmanager
    def _locked_spool(self) -> Iterator[None]:
        """One process at a time sends what all have left."""
        if self._spool is None:
            yield
            return
        descriptor = os.open(self._spool.with_name(f"{self._spool.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _spooled(self) -> list[bytes]:
        if self._spool is None or not self._spool.exists():
            return []
        return [line for line in self._spool.read_bytes().split(b"\n")[:-1] if line]

    def _append(self, batch: list[bytes]) -> None:
        """Behind what is in the spool; what does not fit is dropped."""
        if self._spool is None or not batch:
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        try:
            with self._locked_spool():
                size = self._spool.stat().st_size if self._spool.exists() else 0
                with os.fdopen(os.open(self._spool, flags, 0o600), "wb") as file:
                    file.write(b"".join(line + b"\n" for line in self._fitting(batch, size)))
                    file.flush()
                    os.fsync(file.fileno())
        except OSError:
            self._spool_fails = True
            self._back(batch)

    def _rewrite(self, left: list[bytes]) -> None:
        """Put what is left in place of what was there."""
        if self._spool is None:
            return
        if not left:
            self._spool.unlink(missing_ok=True)
            return
        fresh = self._spool.with_name(f"{self._spool.name}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"".join(line + b"\n" for line in self._fitting(left, 0)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._spool)

    def _fitting(self, lines: list[bytes], size: int) -> list[bytes]:
        """The first of these lines that fit behind ``size`` bytes; the others are counted as dropped."""
        fits = []
        for line in lines:
            size += len(line) + 1
            if size > self._spool_bytes:
                break
            fits.append(line)
        for line in lines[len(fits) :]:
            self.dropped += 1 + _dropped_before(line)
        return fits


def encoded(report: dict[str, Any]) -> bytes:
    """As it goes out: JSON in UTF-8, where half a surrogate pair, which a client may have sent, is a question mark."""
    return json.dumps(report, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def _dropped_before(line: bytes) -> int:
    """What a report tells of earlier ones; nothing where a crash has torn its line."""
    try:
        return int(json.loads(line).get("dropped", 0))
    except (ValueError, AttributeError, TypeError):
        return 0
