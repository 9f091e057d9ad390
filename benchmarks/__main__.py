"""Runs the benchmarks in this folder and prints their tables: ``python -m benchmarks [--scale S] [NAME]...``."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from benchmarks._machine import load, machine
from benchmarks._report import Report

_BUSY = 0.7
"""Load average at which the figures begin to suffer."""


def names() -> list[str]:
    """Every benchmark here."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names())}")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the work (1.0: all)")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(names()))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose from {', '.join(names())}")
    out = sys.stdout
    out.write(f"{machine()}\n")
    if load() > _BUSY:
        out.write("others are at work on this machine: absolute figures come out low, ratios less so\n")
    for name in asked.names or names():
        module = importlib.import_module(f"benchmarks.{name}")
        report, before, began = Report(), load(), time.monotonic()
        module.run(report, asked.scale)
        seconds = time.monotonic() - began
        first_line = (module.__doc__ or name).splitlines()[0].rstrip(".")
        out.write(f"\n{name}: {first_line}\n{report.table()}")
        out.write(f"  took {seconds:.0f} s; load average {before:.1f} before, {load():.1f} after\n")
        out.flush()


if __name__ == "__main__":
    main()
