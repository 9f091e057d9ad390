"""Stop signals: SIGTERM and Ctrl-C set an event that the working threads check."""

from __future__ import annotations

import signal
import threading
from queue import SimpleQueue


def stop_when_told(stop: threading.Event) -> None:
    """Set ``stop`` on SIGTERM or SIGINT, from a thread of its own. For the main thread.

    A handler runs in the midst of whatever the main thread does. Were that ``stop.wait``, which holds the event's lock
    for a moment, a handler that sets the event would wait for itself, for ever. `queue.SimpleQueue.put` is safe there.
    """
    told: SimpleQueue[int] = SimpleQueue()

    def wait() -> None:
        told.get()
        stop.set()

    threading.Thread(target=wait, name="stopping", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(number))
