"""PostgreSQL's server log, in any of its formats: what `listener.readers.row_policy` and its like write there."""

from __future__ import annotations

from collections.abc import Iterable

from listener.logs import Fact, LogRecord, LogSource, Places
from listener.readers.mark import MARKED, MarkedRead, marked_reads
from listener.readers.reason import given_reason

_SHOWN = ("database", "process", "role", "actor", "application")


class PostgresqlLog(LogSource):
    """Lines with the mark of a planted row. What else the log says is not looked at."""

    name = "postgresql"
    title = "PostgreSQL's server log (stderr, csvlog or jsonlog), with a sensor in the database"
    indexed = False

    def interesting(self, block: bytes, places: Places) -> Iterable[int]:
        return (match.start() for match in MARKED.finditer(block))

    def record(self, raw: bytes) -> LogRecord | None:
        found = marked_reads(raw)
        return read_record(found[0]) if found else None

    def sound(self, block: bytes) -> int:
        return block.count(b"\n") + (not block.endswith(b"\n"))


def read_record(read: MarkedRead) -> LogRecord:
    """What a reader in the database says of a statement that looked at a planted row."""
    said = read.said
    facts: dict[str, Fact] = {
        name: _text(said.get(name)) for name in _SHOWN if said.get(name) not in (None, "", "none")
    }
    if reason := given_reason(said)[0]:
        facts["reason"] = reason
    port = said.get("port")
    return LogRecord(
        "read",
        at=_text(said.get("at")),
        client=_text(said.get("client")),
        port=port if isinstance(port, int) and 0 <= port <= 65_535 else 0,
        account=_text(said.get("user")),
        request=_text(said.get("query")),
        user_agent=_text(said.get("application")),
        facts=facts,
        strings=(read.mark,),
        only_strings=True,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
