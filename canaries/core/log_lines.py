"""What processes say of themselves on standard error: one line each, as text or as JSON, whatever is in it.

A journal or a collector takes each line for one message, so nothing that is said may begin another: control characters
and line ends are made visible. Callers put neither secrets nor what visitors sent into it.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import Literal

from canaries.core import clock
from canaries.core.text import visible

Level = Literal["info", "warning", "error"]

_as_json = threading.Event()
"""Set once, when a process has read its settings."""


def use_json(on: bool) -> None:
    """Whether lines are JSON objects from now on."""
    if on:
        _as_json.set()
    else:
        _as_json.clear()


def are_json() -> bool:
    """Whether they are."""
    return _as_json.is_set()


def line(source: str, message: str, level: Level = "info", trace: str = "") -> str:
    """One line without its end. ``source``: the process or part that says it; empty: none. ``trace``: in JSON only."""
    if _as_json.is_set():
        said = {"at": clock.rfc3339(clock.SystemClock().now()), "level": level, "source": source}
        said |= {"message": message} | ({"trace": trace} if trace else {})
        return json.dumps(said, ensure_ascii=True)
    return (f"{source}: " if source else "") + visible(message)


def write(source: str, message: str, level: Level = "info", trace: str = "") -> None:
    """Put it on standard error."""
    sys.stderr.write(f"{line(source, message, level, trace)}\n")
    sys.stderr.flush()


class LineFormatter(logging.Formatter):
    """For what libraries and modules say through `logging`."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def format(self, record: logging.LogRecord) -> str:
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        return line(self._source, record.getMessage(), level)
