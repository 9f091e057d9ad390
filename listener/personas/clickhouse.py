"""ClickHouse's HTTP interface: any user may ask for the version and for nothing else.

clickhouse.com/docs/interfaces/http. Who lacks a grant gets exception 497, with status 500 up to version 26.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qs
from uuid import UUID

from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_RELEASES = ("24.3.18.7", "24.8.14.39", "25.3.6.56", "25.8.2.29")
_ZONES = ("UTC", "UTC", "Etc/UTC", "Europe/London", "Europe/Berlin", "America/New_York")
_STATEMENT = re.compile(
    r"\s*(?:select|show|insert|describe|desc|exists|create|with|use|set)\b", re.IGNORECASE
)
_VERSION = re.compile(
    r"\s*select\s+(version\(\))?\s*,?\s*(timezone\(\))?\s*(?:format\s+\w+)?\s*;?\s*\Z", re.IGNORECASE
)
_SETTINGS = re.compile(r"\s*select\s[\w\s,]+\sfrom\s+system\.settings\b", re.IGNORECASE)
_GRANTS = {"SHOW": "SHOW TABLES ON *.*", "INSERT": "INSERT ON *.*", "CREATE": "CREATE TABLE ON *.*"}


class Clickhouse(Persona):
    name: ClassVar[str] = "clickhouse"
    order: ClassVar[int] = 43
    kinds = frozenset({"clickhouse-url"})
    prefixless = "its queries stand in the body or the query, at any path"

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("clickhouse")
        self._release, self._zone = stream.pick("release", _RELEASES), stream.pick("zone", _ZONES)
        self._host = identity.host.name

    def claims(self, request: Request) -> bool:
        agent = request.header(b"user-agent").lower()
        return (
            "clickhouse" in agent
            or any(name.lower().startswith(b"x-clickhouse-") for name, _ in request.headers)
            or ("query=" in request.query and _STATEMENT.match(self._statement(request)) is not None)
        )

    def _statement(self, request: Request) -> str:
        """The query of the URL, and behind it the body: a statement may stand in either."""
        asked = parse_qs(request.query).get("query", [""])[0]
        return f"{asked}\n{request.body[:10_000].decode('utf-8', 'replace')}".strip()

    def answer(self, request: Request) -> Answer:
        statement = self._statement(request)
        headers = (
            ("X-ClickHouse-Server-Display-Name", self._host),
            (
                "X-ClickHouse-Query-Id",
                str(
                    UUID(bytes=self.identity.once("clickhouse", request.seen).draw_bytes("id", 16), version=4)
                ),
            ),
            ("X-ClickHouse-Timezone", self._zone),
        )
        if request.service_path == "/ping" or not statement:
            return Answer(200, (("Content-Type", "text/html; charset=UTF-8"),), b"Ok.\n", "ping")
        if (found := _VERSION.match(statement)) and any(found.groups()):
            values = [
                value
                for asked, value in zip(found.groups(), (self._release, self._zone), strict=True)
                if asked
            ]
            kind = ("Content-Type", "text/tab-separated-values; charset=UTF-8")
            return Answer(200, (kind, *headers), "\t".join(values).encode() + b"\n", "version")
        if _SETTINGS.match(statement):  # clients read it before their own first query
            return Answer(200, (("Content-Type", "application/octet-stream"), *headers), b"", "settings")
        user = request.credential.partition(":")[0] or request.header(b"x-clickhouse-user") or "default"
        grant = _GRANTS.get(statement.split(None, 1)[0].upper(), "SELECT ON *.*")
        told = (
            f"Code: 497. DB::Exception: {user}: Not enough privileges. To execute this query, it's necessary to have "
            f"the grant {grant}. (ACCESS_DENIED) (version {self._release} (official build))\n"
        )
        kind = ("Content-Type", "text/plain; charset=UTF-8")
        return Answer(500, (kind, *headers, ("X-ClickHouse-Exception-Code", "497")), told.encode(), "denied")
