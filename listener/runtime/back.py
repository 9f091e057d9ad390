"""The back process: drains the journal, seals, delivers. It thinks; it never speaks to a visitor.

Started and watched by the supervisor (``python -m listener.runtime.back --home H``). Three loops that cannot stop one
another: intake (here), sealer and courier (threads). A database that is away makes them wait and try again; the front
goes on.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from canaries.core import clock, safe_traceback
from canaries.core.errors import StoreAwayError, StoreError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.facts.derive import load
from listener.ingest.drain import Drain
from listener.ingest.intake import Intake
from listener.ingest.quarantine import Quarantine
from listener.notify.courier import Courier
from listener.runtime.child_process import die_with_parent
from listener.runtime.stop_signals import stop_when_told

TICK_SECONDS = 0.25
"""An idle intake looks at the journal on this clock, whatever comes in: work that began right behind a request would
slow the next ones down, by more where there is bait in it, and a patient visitor can time that."""
NICENESS = 10
"""So that thinking waits for answering, not the other way round, where they share a processor."""
KEYS = ("journal", "lookup", "vault.pub", "log", "alerts")
"""Without one of these there is no use in opening a trap."""
RETRY_SECONDS = 0.5
LAST_DRAIN_SECONDS = 10.0


def say(message: str) -> None:
    """Talk to whoever runs the listener; the caller puts no secrets and no visitor's text into it."""
    sys.stderr.write(f"back: {message}\n")
    sys.stderr.flush()


def _watched(name: str, work: Callable[[threading.Event], None], stop: threading.Event) -> threading.Thread:
    """A loop that is started again when it falls over, and stops for good only where going on would do harm."""

    def run() -> None:
        while not stop.is_set():
            try:
                work(stop)
            except StoreError as error:
                say(f"{name} waits: {error.sentence}")
                stop.wait(RETRY_SECONDS)
            except TraplineError as error:
                say(f"{name} has stopped: {error.sentence}")
                return
            except Exception as error:  # noqa: BLE001  one helper's failure stops nobody
                safe_traceback.log_error(error)
                stop.wait(RETRY_SECONDS)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def steady() -> None:
    """What is loaded by now stays, and a batch makes many short-lived objects: the collector need not look so often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def run(home: Home, stop: threading.Event) -> None:
    """Work until ``stop``; then take in what the journal still holds."""
    drain = Drain(home, say)
    try:
        intake = Quarantine(home, Intake(home, load(home)), say)
        steady()
        ending = threading.Event()
        helpers = [
            _watched("sealer", LogSealer(home).run, ending),
            _watched("courier", Courier(home).run, ending),
        ]
        _drain(drain, intake, stop)
        ending.set()
        for helper in helpers:
            helper.join(LAST_DRAIN_SECONDS)
    finally:
        drain.close()


def _drain(drain: Drain, intake: Quarantine, stop: threading.Event) -> None:
    """Take in what comes; told to stop, look once more after that: the front's last word came before it."""
    waiting = False
    while True:
        last = stop.is_set()
        try:
            moved = drain.step(intake.take)
        except StoreError as error:
            if not waiting:
                say(f"intake waits: {error.sentence}")
            waiting = True
            if last:
                return
            stop.wait(RETRY_SECONDS)
            continue
        if waiting:
            say("intake goes on")
            waiting = False
        if not moved:
            if last:
                return
            stop.wait(TICK_SECONDS - clock.monotonic() % TICK_SECONDS)


def main() -> None:
    """``python -m listener.runtime.back --home H``: prints ``ready`` on stdout once it drains."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    path = parser.parse_args().home
    stop = threading.Event()
    stop_when_told(stop)
    die_with_parent()
    os.nice(NICENESS)
    try:
        home = Home.open(path)
        home.keys.check(*KEYS)
        print("ready", flush=True)  # a database that is away does not keep the traps shut
        if _connected(home, stop):
            run(home, stop)
    except TraplineError as error:
        say(error.sentence)
        sys.exit(error.status)


def _connected(home: Home, stop: threading.Event) -> bool:
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
            if stop.wait(RETRY_SECONDS):
                return False
        else:
            return True


if __name__ == "__main__":
    main()
