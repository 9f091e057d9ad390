"""GitHub's audit log as JSON lines: what its streaming and its export of Git events write, and ``jq -c '.[]'`` of an
export of the page.

(GitHub, "Audit log events for your organization".) ``@timestamp`` is in milliseconds.
"""

from __future__ import annotations

from canaries.core.clock import from_micros, rfc3339
from listener.logs import LogRecord, LogSource, _json

_SHOWN = (
    "org",
    "repo",
    "user",
    "token_id",
    "hashed_token",
    "programmatic_access_type",
    "transport_protocol_name",
)
_LATEST = 253_402_300_799_000


class GithubAudit(LogSource):
    """Who did what with which token, and from where, where the organisation shows addresses."""

    name = "github-audit"
    title = "GitHub's audit log, JSON lines"

    def record(self, raw: bytes) -> LogRecord | None:
        found = _json.parsed(raw)
        if found is None or not isinstance(found.get("action"), str):
            return None
        at = found.get("@timestamp", found.get("created_at"))
        known = isinstance(at, int) and not isinstance(at, bool) and 0 <= at <= _LATEST
        facts = {name: _json.text(found, name) for name in _SHOWN}
        return LogRecord(
            found["action"][:128],
            at=rfc3339(from_micros(at * 1000)) if known and isinstance(at, int) else "",
            client=_json.text(found, "actor_ip"),
            account=_json.text(found, "actor", limit=256),
            request=" ".join(filter(None, (found["action"][:128], facts["repo"])))[:4096],
            user_agent=_json.text(found, "user_agent"),
            facts={name: value for name, value in facts.items() if value},
        )

    def sound(self, block: bytes) -> int:
        return _json.sound(block)
