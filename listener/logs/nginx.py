"""Nginx's access log (combined): one request a line."""

from __future__ import annotations

from listener.logs import LogRecord, LogSource
from listener.logs._combined import combined, sound


class NginxLog(LogSource):
    """Requests, with what credentials and addresses stand in their line."""

    name = "nginx"
    title = "nginx's access log (combined)"

    def record(self, raw: bytes) -> LogRecord | None:
        return combined(raw)

    def sound(self, block: bytes) -> int:
        return sound(block)
