"""The combined log format of web servers, with whatever stands behind it.

    203.0.113.7 - alice [27/Nov/2026:08:00:00 +0000] "GET /x HTTP/1.1" 200 5 "-" "curl/8"

(Apache HTTP Server, "Log Files"; nginx, `ngx_http_log_module`.) The user's name and the request may hold anything.
"""

from __future__ import annotations

import re
from datetime import datetime

from canaries.core.clock import rfc3339
from canaries.core.text import decoded
from listener.logs import LogRecord
from listener.logs._line_shape import line_counter

_QUOTED = rb'"((?:[^"\\]|\\.)*+)"'
_LINE = re.compile(
    rb"(\S++) (\S++) (.*?) \[([^\]\n]{20,40})\] "
    + _QUOTED
    + rb" (\d{3}|-) (\d++|-)(?: "
    + _QUOTED
    + rb" "
    + _QUOTED
    + rb")?"
)
_count = line_counter(rb"\S++ [^\n\[]*+\[[^\]\n]{20,40}+\] \"")


def sound(block: bytes) -> int:
    """How many lines begin as one should."""
    return _count(block)


def combined(raw: bytes) -> LogRecord | None:
    """What a line says; None where it is none."""
    found = _LINE.match(raw)
    if found is None:
        return None
    host, _, user, at, request, status, size, referer, agent = (
        decoded(part or b"") for part in found.groups()
    )
    return LogRecord(
        "request",
        at=_time(at),
        client=host,
        account="" if user in ("-", "") else user[:256],
        request=request[:4096],
        user_agent="" if agent == "-" else agent[:1024],
        facts={
            name: value
            for name, value in (("status", status), ("bytes", size), ("referer", referer[:1024]))
            if value not in ("", "-")
        },
    )


def _time(text: str) -> str:
    try:
        return rfc3339(datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z"))
    except (ValueError, OverflowError):
        return text
