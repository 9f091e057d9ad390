"""What the supervisor says of a child, as statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from listener.health.state import PartState, failing, note

SILENT_SECONDS = 8.0
"""A child reports each second; on a busy machine it may be late."""
_RECENT_SECONDS = 300.0


def lifesigns(name: str, child: dict[str, Any]) -> Iterator[PartState]:
    """What is wrong with a process; nothing where it is well."""
    problem = child.get("problem") or ""
    last_end = child.get("last_end") or ""
    if child.get("state") == "ended" or not child:
        again = f", next try in {child['retry_in']:.0f} seconds" if child.get("retry_in") else ""
        reason = f": {problem}" if problem else ""
        yield failing(
            name,
            f"the process has ended ({last_end or 'not started'}{again}){reason}",
            "its reason is in the listener's log",
        )
    elif child.get("report_age", 0.0) > SILENT_SECONDS:
        yield failing(
            name,
            f"process {child.get('pid')} has said nothing for {child['report_age']:.0f} seconds",
            "it is stopped or starved; kill it and it is started anew",
        )
    elif child.get("state") == "waiting":
        yield failing(name, f"it waits: {problem}")
    elif child.get("restarts") and child.get("seconds", 0.0) < _RECENT_SECONDS:
        yield note(
            name,
            f"started again {child['restarts']} times, last after {last_end}, {child['seconds']:.0f} seconds ago",
        )
