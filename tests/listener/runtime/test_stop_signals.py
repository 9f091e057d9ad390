"""Told to stop at whatever moment, a process hears it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests import steady

CHILD = """
import threading
from listener.runtime.stop_signals import stop_when_told
stop = threading.Event()
stop_when_told(stop)
print("ready", flush=True)
while not stop.is_set():
    stop.wait(0)  # inside the event's lock nearly all the time
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_even_where_it_is_told_inside_the_events_own_lock(number: int) -> None:
    """With a handler that sets the event itself, every second child hangs for ever."""
    for attempt in range(8):
        with subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True) as child:
            try:
                assert child.stdout is not None
                assert child.stdout.readline() == "ready\n"
                time.sleep(0.02 + 0.0007 * attempt)
                child.send_signal(number)
                assert child.wait(steady.PATIENCE) == 0
            finally:
                child.kill()
