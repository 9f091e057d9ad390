"""What a child tells its supervisor: one JSON object a line on stdout, never waiting for it to be read."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

SECONDS = 1.0
"""Between two reports."""
_STDOUT = 1


def begin() -> None:
    """Before the first report: a supervisor that does not read must not hold up the child."""
    os.set_blocking(_STDOUT, False)


def report(state: str, problem: str = "", **more: Any) -> None:
    """Say how this process is. ``state``: loading, ready, waiting or refused; ``problem``: a sentence without secrets.

    A full pipe loses the report, not the time; one that is shorter than PIPE_BUF is written whole or not at all.
    """
    line = json.dumps({"state": state, "problem": problem, **more}).encode() + b"\n"
    with contextlib.suppress(OSError):
        os.write(_STDOUT, line)
