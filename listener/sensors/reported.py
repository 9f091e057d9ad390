"""What a report or a record of a log says, as it is kept."""

from __future__ import annotations

from listener.evidence.shapes import Observed


class ReportObserved(Observed, total=False):
    """What a report says. Nothing of it was seen by the listener but that the sensor sent it, or the log had it."""

    sensor: str
    """Whose key signed it; of a log, its name in the settings."""
    reported: dict[str, object]
    """The application's or the log's word: its facts, and ``at`` by its clock."""
    event: str
    """What the application was doing: ``login``, ``export`` ..."""
    found: list[tuple[str, str]]
    """(where, value)."""
    dropped: int
    log: dict[str, object]
    """Of a record of a log: ``source`` is ``provider_log``, ``clock`` is ``theirs``, its sort and place."""
