"""Logins as sshd, PAM and sudo tell of them: ``auth.log``, ``secure``, or the journal as JSON.

    Accepted publickey for alice from 203.0.113.7 port 40001 ssh2: ED25519 SHA256:...
    Failed password for invalid user alice from 203.0.113.7 port 40001 ssh2
    pam_unix(sshd:auth): authentication failure; ... rhost=203.0.113.7  user=alice
    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id

(OpenSSH, ``auth.c``; Linux-PAM, ``pam_unix_auth.c``; sudo, "Event logging".) Whoever connects chooses the user's name,
which may look like the rest of the line: what stands last counts as the address.
"""

from __future__ import annotations

import re

from listener.logs import Fact, LogRecord, LogSource
from listener.logs._syslog import sound, syslog_line

_AT = r" (?P<client>[0-9A-Fa-f.:]{2,45}) port (?P<port>\d{1,5})(?: ssh2)?(?: \[preauth\])?(?:: .*)?$"
_FROM = rf" from{_AT}"
_LEFT = r"(?:Connection (?:closed|reset) by|Disconnected from) (?:authenticating|invalid)"
_PAM = r"(?P<method>pam_\w+)\(\S+?\):"
_RULES = [
    (event, re.compile(rule))
    for event, rule in (
        ("login", rf"Accepted (?P<method>\S+) for (?P<account>.*){_FROM}"),
        ("failed login", rf"Failed (?P<method>\S+) for (?:invalid user )?(?P<account>.*){_FROM}"),
        ("failed login", rf"Invalid user (?P<account>.*){_FROM}"),
        ("failed login", rf"{_LEFT} user (?P<account>.*){_AT}"),
        (
            "failed login",
            rf"{_PAM} authentication failure;.* rhost=(?P<client>\S*)(?: +user=(?P<account>.*))?$",
        ),
        ("session", rf"{_PAM} session opened for user (?P<account>.*?)(?:\(uid=\d+\))? by .*$"),
        ("sudo", r" *(?P<account>\S+) : .*COMMAND=.*$"),
    )
]


class AuthLog(LogSource):
    """Who logged in, or tried to, as whom and from where."""

    name = "auth"
    title = "logins of sshd, PAM and sudo: auth.log, secure, or journalctl -o json"

    def record(self, raw: bytes) -> LogRecord | None:
        line = syslog_line(raw)
        if line is None:
            return None
        facts: dict[str, Fact] = {"host": line.host, "program": line.program, "process": line.process}
        for event, rule in _RULES:
            if found := rule.match(line.message):
                said = found.groupdict()
                port = int(said.get("port") or 0)
                return LogRecord(
                    event,
                    at=line.at,
                    client=said.get("client") or "",
                    port=port if port <= 65_535 else 0,
                    account=(said.get("account") or "")[:256],
                    request=line.message[:4096],
                    facts=facts | ({"method": said["method"]} if said.get("method") else {}),
                )
        return LogRecord("message", at=line.at, request=line.message[:4096], facts=facts)

    def sound(self, block: bytes) -> int:
        return sound(block)
