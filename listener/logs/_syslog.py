"""The head of a line of syslog, in the forms that are found in files.

Nov 27 08:00:00 host sshd[811]: message                                      RFC 3164, section 4.1
2026-11-27T08:00:00.123456+00:00 host sshd[811]: message                     rsyslog's file format
<38>1 2026-11-27T08:00:00Z host sshd 811 - - message                         RFC 5424, section 6
{"__REALTIME_TIMESTAMP":"1795766400000000","SYSLOG_IDENTIFIER":"sshd",...}   journalctl -o json
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from canaries.core.clock import from_micros, parse_rfc3339, rfc3339
from canaries.core.text import decoded
from listener.logs import _json
from listener.logs._line_shape import line_counter

_STAMP = rb"[A-Za-z]{3} [ 0-9]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[0-9:.]{8,18}(?:Z|[+-]\d\d:?\d\d)"
_OLD = re.compile(
    rb"(?:<\d{1,3}>)?(" + _STAMP + rb") (\S{1,255}) ([^\s:\[]{1,64})(?:\[(\d{1,10})\])?: ?(.*)", re.DOTALL
)
_NEW = re.compile(
    rb"<\d{1,3}>1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} (?:-|(?:\[(?:[^\]\\]|\\.)*+\])+) ?(.*)",
    re.DOTALL,
)
_USUAL = rb"[A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]"
"""The first of these forms as it nearly always is, step by step: that costs half of what the general pattern does."""
_HEAD = (
    rb"(?:" + _USUAL + rb"|(?:<\d{1,3}>)?(?:" + _STAMP + rb")) \S{1,255}+ [^\s:\[]{1,64}+(?:\[\d{1,10}+\])?+:"
)
_count = line_counter(_HEAD + rb"|<\d{1,3}>1 \S++ \S++ \S++ ")
_LATEST_MICROS = 253_402_300_799_000_000


@dataclass(frozen=True, slots=True)
class SyslogLine:
    """One line."""

    at: str
    """As it stands there, or RFC 3339 where its zone is known."""
    host: str
    program: str
    process: str
    message: str


def syslog_line(raw: bytes) -> SyslogLine | None:
    """What a line says; None where it is none of these."""
    if raw[:1] == b"{":
        return _journal(raw)
    found = _NEW.match(raw) or _OLD.match(raw)
    if found is None:
        return None
    at, host, program, process, message = (decoded(part or b"") for part in found.groups())
    return SyslogLine(
        _time(at), host, program, "" if process == "-" else process, message.removeprefix("\ufeff")
    )


def sound(block: bytes) -> int:
    """How many lines begin as one should."""
    return _count(block) + _json.sound(block)


def _journal(raw: bytes) -> SyslogLine | None:
    record = _json.parsed(raw)
    if record is None or "MESSAGE" not in record:
        return None
    micros = _json.text(record, "__REALTIME_TIMESTAMP")
    known = micros.isascii() and micros.isdigit() and int(micros) <= _LATEST_MICROS
    said = record["MESSAGE"]
    if isinstance(said, list):  # what is not UTF-8 is an array of bytes
        said = decoded(bytes(one for one in said if isinstance(one, int) and 0 <= one <= 255))
    return SyslogLine(
        rfc3339(from_micros(int(micros))) if known else "",
        _json.text(record, "_HOSTNAME"),
        _json.text(record, "SYSLOG_IDENTIFIER") or _json.text(record, "_COMM"),
        _json.text(record, "_PID"),
        said if isinstance(said, str) else "",
    )


def _time(text: str) -> str:
    try:
        return rfc3339(parse_rfc3339(text))
    except ValueError:
        return text
