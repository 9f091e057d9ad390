"""Caddy's access log: one JSON object a request (Caddy, "log (directive)"; ``http.log.access``)."""

from __future__ import annotations

from canaries.core.clock import from_micros, rfc3339
from listener.logs import LogRecord, LogSource, _json

_LATEST = 253_402_300_799


class CaddyLog(LogSource):
    """Requests, with what credentials and addresses stand in them. Caddy itself leaves out Authorization and Cookie."""

    name = "caddy"
    title = "Caddy's access log (JSON)"

    def record(self, raw: bytes) -> LogRecord | None:
        found = _json.parsed(raw)
        if found is None or not isinstance(found.get("request"), dict):
            return None
        request = found["request"]
        agents = _json.at(request, "headers", "User-Agent")
        line = (_json.text(request, name, limit=4096) for name in ("method", "uri", "proto"))
        return LogRecord(
            "request",
            at=_time(found.get("ts")),
            client=_json.text(request, "remote_ip"),
            port=_json.port(request, "remote_port"),
            account=_json.text(found, "user_id", limit=256),
            request=" ".join(filter(None, line))[:4096],
            user_agent=agents[0][:1024]
            if isinstance(agents, list) and agents and isinstance(agents[0], str)
            else "",
            facts={
                name: value
                for name, value in (
                    ("host", _json.text(request, "host")),
                    ("status", _json.text(found, "status")),
                    ("client_ip", _json.text(request, "client_ip")),
                )
                if value
            },
        )

    def sound(self, block: bytes) -> int:
        return _json.sound(block)


def _time(said: object) -> str:
    """Seconds since the epoch, or what else is set there."""
    if isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= _LATEST:
        return rfc3339(from_micros(int(said * 1_000_000)))
    return said[:64] if isinstance(said, str) else ""
