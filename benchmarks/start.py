"""How long a command takes to start: ``trapline --help`` against an interpreter that does nothing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from benchmarks._report import Report

_ROUNDS = 15
_COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "trapline --help": ("-m", "listener", "--help"),
    "trapline kinds": ("-m", "listener", "kinds"),
}
_FLOOR = "python -c pass"


def run(report: Report, scale: float = 1.0) -> None:
    """All commands in turn; the first round, which may compile, is not counted."""
    walls: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    cpus: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for number in range(1 + max(1, round(_ROUNDS * scale))):
        for name, arguments in _COMMANDS.items():
            wall, cpu = _start(arguments)
            if number:
                walls[name].append(wall)
                cpus[name].append(cpu)
    floor = statistics.median(walls[_FLOOR])
    for name in _COMMANDS:
        wall = statistics.median(walls[name])
        if name != _FLOOR:
            report.ratio(f"{name} / {_FLOOR}", wall / floor)
        report.figure(name, wall * 1e3, "ms", most=500 if name == "trapline --help" else None)
        report.figure(f"{name}, CPU", statistics.median(cpus[name]) * 1e3, "ms")


def _start(arguments: tuple[str, ...]) -> tuple[float, float]:
    """(wall, CPU) seconds of one run."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return wall, usage.ru_utime + usage.ru_stime
