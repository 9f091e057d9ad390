"""HAProxy's log, HTTP or TCP format, with or without the head that syslog gives it.

    10.0.1.2:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"

(HAProxy, Configuration Manual, 8.2.2 and 8.2.3.) Its clock names no zone.
"""  # noqa: E501  a line of a log

from __future__ import annotations

import re

from canaries.core.text import decoded
from listener.logs import LogRecord, LogSource
from listener.logs._line_shape import line_counter
from listener.logs._syslog import syslog_line

_HEAD = rb"(\S{2,60}):(\d{1,5}) \[(\d\d/[A-Za-z]{3}/\d{4}:[\d:.]{8,15})\] (\S+) (\S+) "
_LINE = re.compile(_HEAD + rb"[\d/+-]+ (?:(-?\d{1,3}) )?.*?(?:\"([^\n]*)\"?)?$", re.DOTALL)
_SHAPE = rb"(?:[^\s:]{2,60}+|\S{2,60}):\d{1,5} \[\d\d/[A-Za-z]{3}/\d{4}:[\d:.]{8,15}\] \S++ \S++ "
_count = line_counter(rb"(?:" + _SHAPE + rb"|[^\n\[]*+\[\d{1,10}\]: " + _SHAPE + rb")")
"""The form without syslog's head is tried first: one pattern with the head in doubt took three times as long."""


class HaproxyLog(LogSource):
    """Requests and connections."""

    name = "haproxy"
    title = "HAProxy's log (HTTP or TCP format)"

    def record(self, raw: bytes) -> LogRecord | None:
        line = syslog_line(raw)
        found = _LINE.match(line.message.encode("utf-8", "surrogateescape") if line else raw)
        if found is None:
            return None
        client, port, at, frontend, backend, status, request = (
            decoded(part or b"") for part in found.groups()
        )
        number = int(port)
        return LogRecord(
            "request" if request else "connection",
            at=at,
            client=client.removeprefix("::ffff:"),
            port=number if number <= 65_535 else 0,
            request=request.removesuffix('"')[:4096],
            facts={
                name: value
                for name, value in (("frontend", frontend), ("backend", backend), ("status", status))
                if value
            },
        )

    def sound(self, block: bytes) -> int:
        return _count(block)
