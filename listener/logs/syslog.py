"""Files of syslog, and of the journal as JSON: whatever a program says in a line."""

from __future__ import annotations

from listener.logs import LogRecord, LogSource
from listener.logs._syslog import sound, syslog_line


class SyslogFile(LogSource):
    """Lines in which bait stands, with the program that wrote them."""

    name = "syslog"
    title = "a file of syslog (RFC 3164, RFC 5424, rsyslog's own), or of journalctl -o json"

    def record(self, raw: bytes) -> LogRecord | None:
        line = syslog_line(raw)
        if line is None:
            return None
        return LogRecord(
            "message",
            at=line.at,
            request=line.message[:4096],
            facts={"host": line.host, "program": line.program, "process": line.process},
        )

    def sound(self, block: bytes) -> int:
        return sound(block)
