"""The back process: drains the journal, seals, delivers. It never talks to a visitor.

Started and watched by the supervisor (``python -m listener.runtime.back --home H``). Loops that cannot stop one
another: intake (here), sealer, courier and others (threads). A database that is away makes them wait; the front goes
on. It is ready once all is loaded and the journal is its own; each second it reports how its parts are.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from canaries.core import clock, log_lines, safe_traceback
from canaries.core.errors import StoreAwayError, StoreError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.facts.derive import broken, load, say_data_problems
from listener.health.ledger_watch import LedgerWatch
from listener.health.watch import HealthWatch
from listener.ingest.disk_reserve import DiskReserve
from listener.ingest.drain import Drain
from listener.ingest.intake import Intake
from listener.ingest.kinds_watch import KindsWatch
from listener.ingest.quarantine import Quarantine
from listener.ingest.rescan import MintWatch
from listener.ingest.retention import RetentionWatch
from listener.journal import journal
from listener.net.overload import Overload
from listener.notify.courier import Courier
from listener.notify.stamper import Stamper
from listener.runtime import child_reports
from listener.runtime.child_process import die_with_parent
from listener.runtime.optional_loops import optional_loops
from listener.runtime.stop_signals import stop_when_told
from listener.sensors.filter_keeping import FilterWatch

TICK_SECONDS = 0.25
"""An idle intake looks at the journal on this clock, whatever comes in: work that began right behind a request would
slow the next ones down, by more where there is bait in it, and a patient visitor can time that."""
NICENESS = 10
"""Lower than the front's, so that answering comes first where both share a processor."""
KEYS = ("journal", "lookup", "vault.pub", "log", "alerts")
"""Without one of these there is no use in opening a trap."""
RETRY_SECONDS = 0.5
LAST_DRAIN_SECONDS = 10.0
say = partial(log_lines.write, "back")
"""Writes a message for whoever runs the listener; the caller puts no secrets and no visitor's text into it."""


class BackState:
    """How the back and its loops are, for its reports. Any thread may write."""

    def __init__(self) -> None:
        self.state, self.problem = "loading", ""
        self.overload = Overload()
        self._parts: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def part(self, name: str, state: str, problem: str = "") -> None:
        """``state``: runs, waits or stopped."""
        with self._lock:
            old = self._parts.get(name)
            since = old["since"] if old and old["state"] == state else clock.monotonic()
            self._parts[name] = {"state": state, "problem": problem, "since": since}

    def turned(self, state: str, problem: str = "") -> None:
        """``loading``, ``ready`` or ``waiting``; said at once where it is new."""
        if (state, problem) != (self.state, self.problem):
            self.state, self.problem = state, problem
            self.tell()

    def tell(self) -> None:
        """One report."""
        now = clock.monotonic()
        with self._lock:
            parts = {
                name: {**part, "since": round(now - part["since"], 1)} for name, part in self._parts.items()
            }
        child_reports.report(self.state, self.problem, parts=parts, overload=self.overload.episodes())

    def note_late(self, sightings: int) -> None:
        """So many were taken in more than `LATE_SECONDS` after they were observed."""
        if sightings:
            self.overload.note("intake", "late", sightings)

    def keep_telling(self, stop: threading.Event) -> None:
        """A report each second, from a thread of its own, until ``stop``."""

        def run() -> None:
            while not stop.wait(child_reports.SECONDS):
                self.tell()

        threading.Thread(target=run, name="reports", daemon=True).start()


def _watched(
    name: str, work: Callable[[threading.Event], None], stop: threading.Event, state: BackState
) -> threading.Thread:
    """A loop that is started again when it falls over, and stops for good only where going on would do harm."""

    def run() -> None:
        while not stop.is_set():
            try:
                state.part(name, "runs")
                work(stop)
            except StoreError as error:
                say(f"{name} waits: {error.sentence}")
                state.part(name, "waits", error.sentence)
                stop.wait(RETRY_SECONDS)
            except TraplineError as error:
                say(f"{name} has stopped: {error.sentence}")
                state.part(name, "stopped", error.sentence)
                return
            except Exception as error:  # noqa: BLE001  one helper's failure stops nobody
                safe_traceback.log_error(error)
                state.part(name, "waits", f"it broke down ({type(error).__name__})")
                stop.wait(RETRY_SECONDS)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def steady() -> None:
    """What is loaded by now stays, and a batch makes many short-lived objects: the collector need not look so often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def run(
    home: Home,
    stop: threading.Event,
    state: BackState | None = None,
    orphaned: Callable[[], bool] = lambda: False,
) -> None:
    """Work until ``stop``; then take in what the journal still holds, unless ``orphaned``."""
    state = state or BackState()
    if (lock := _claimed(home, stop, state)) is None:
        return
    drain = Drain(home, say, lock)
    try:
        sources = load(home)
        say_data_problems(home, say)
        failed = broken(sources)
        state.part("data", "stopped" if failed else "runs", f"cannot be read: {', '.join(failed)}")
        intake = Intake(home, sources)
        steady()
        ending = threading.Event()
        watch = HealthWatch(home)
        helpers = [
            _watched("sealer", LogSealer(home).run, ending, state),
            _watched(
                "courier", lambda ending: Courier(home, problems=watch.problems).run(ending), ending, state
            ),
            _watched("health", watch.run, ending, state),
            _watched("retention", RetentionWatch(home).run, ending, state),
            _watched("stamps", Stamper(home).run, ending, state),
            _watched("ledger check", LedgerWatch(home).run, ending, state),
            _watched("filters", FilterWatch(home, say).run, ending, state),
            _watched("live kinds", KindsWatch(home).run, ending, state),
            _watched("rescan", MintWatch(home, Intake(home, sources)).run, ending, state),
        ]
        helpers += [
            _watched(name, work, ending, state)
            for name, work in optional_loops(home, sources, watch, say, state.part, drain.settled)
        ]
        state.turned("ready")
        _drain(drain, Quarantine(home, intake, say), stop, state, orphaned, DiskReserve(home.path))
        ending.set()
        for helper in helpers:
            helper.join(LAST_DRAIN_SECONDS)
    finally:
        drain.close()


def _claimed(home: Home, stop: threading.Event, state: BackState) -> int | None:
    """The journal folder, for this back alone. That of a listener that was killed may still be at its last batch."""
    said = False
    while True:
        try:
            return journal.claim(home.journal_folder)
        except journal.ClaimedError as error:
            state.turned("waiting", f"{error.sentence}; this one takes over when it ends")
            if not said:
                say(f"waits: {error.sentence}")
            said = True
            if stop.wait(RETRY_SECONDS):
                return None


def _drain(
    drain: Drain,
    intake: Quarantine,
    stop: threading.Event,
    state: BackState,
    orphaned: Callable[[], bool],
    reserve: DiskReserve,
) -> None:
    """Take in what comes; told to stop, look once more after that: the front's last word came before it.

    Without its supervisor it ends behind the batch at hand: the next listener takes in what is in the journal.
    """
    waiting = False
    reserve.take()
    state.part("intake", "runs")
    while True:
        last = stop.is_set()
        if last and orphaned():
            say("the supervisor is gone; what is left in the journal waits for the next listener")
            return
        try:
            moved = drain.step(intake.ingest)
        except StoreError as error:
            if reserve.release():
                say(f"the disk's reserve is given back, to take in what waits: {error.sentence}")
                state.overload.note("disk", "full")
                continue
            if not waiting:
                say(f"intake waits: {error.sentence}")
            waiting = True
            state.part("intake", "waits", error.sentence)
            state.turned("waiting", error.sentence)
            if last:
                return
            stop.wait(RETRY_SECONDS)
            continue
        if waiting:
            say("intake goes on")
            waiting = False
            state.part("intake", "runs")
            state.turned("ready")
        state.note_late(drain.late)
        if not moved:
            if last:
                return
            reserve.take()
            stop.wait(TICK_SECONDS - clock.monotonic() % TICK_SECONDS)


def main() -> None:
    """``python -m listener.runtime.back --home H``: reports on stdout (`listener.runtime.child_reports`)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--parent", type=int, default=os.getppid())
    given = parser.parse_args()
    path, parent = given.home, given.parent
    stop, state = threading.Event(), BackState()
    stop_when_told(stop)
    die_with_parent(parent)
    os.nice(NICENESS)
    child_reports.begin()
    try:
        with Home.open(path) as home:
            log_lines.use_json(home.settings.log.format == "json")
            home.keys.check(*KEYS)
            state.tell()
            state.keep_telling(stop)
            if _connected(home, stop, state):
                run(home, stop, state, lambda: os.getppid() != parent)
    except TraplineError as error:
        say(error.sentence)
        child_reports.report("refused", error.sentence)
        sys.exit(error.status)


def _connected(home: Home, stop: threading.Event, state: BackState) -> bool:
    """Wait for a database that is away; one that refuses ends the process with its reason.

    It is tried once even where ``stop`` came first: what was answered meanwhile is to be taken in.
    """
    waiting = False
    while True:
        try:
            _ = home.store
        except StoreAwayError as error:
            if not waiting:
                say(f"waits for the database: {error.sentence}")
            waiting = True
            state.turned("waiting", f"the database is away: {error.sentence}")
            if stop.wait(RETRY_SECONDS):
                return False
        else:
            return True


if __name__ == "__main__":
    main()
