"""What the figures were measured on, and the clocks they are measured with."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def load() -> float:
    """Load average of the last minute: how much others disturb."""
    return os.getloadavg()[0]


def machine() -> str:
    """The machine in two lines."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    folder = tempfile.gettempdir()
    return (
        f"{os.cpu_count()} x {cpu}, Linux {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, load {load():.1f}\n"
        f"{folder} on {_filesystem(folder)}: {sync_seconds() * 1e6:,.0f} us to sync 4 KiB (median)"
    )


def cpu_seconds(pid: int) -> float:
    """User and system time a process has used so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(seconds by the wall clock, CPU seconds of this process) that ``work`` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def sync_seconds(rounds: int = 50) -> float:
    """How long the disk takes to make 4 KiB durable: the floor under everything that is acknowledged."""
    found = []
    with tempfile.TemporaryFile() as file:
        for _ in range(rounds):
            os.write(file.fileno(), bytes(4096))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            found.append(time.perf_counter() - began)
    return statistics.median(found)


def _filesystem(folder: str) -> str:
    """Type of the file system that holds ``folder``."""
    best, found = "", "an unknown file system"
    for line in _lines("/proc/mounts"):
        _, place, kind, *_ = line.split()
        if Path(folder).is_relative_to(place) and len(place) >= len(best):
            best, found = place, kind
    return found


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
