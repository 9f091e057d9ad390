"""Sentry's ingest endpoints: every event is taken, with the id that it brings.

develop.sentry.dev/sdk: "Envelopes", "Store endpoint", authentication by ``X-Sentry-Auth`` or the query.
"""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request

_PATH = re.compile(r"(?:/[\w.-]{1,60}){0,3}?/api/(\d{1,20})/(envelope|store|minidump|security|unreal)/?\Z")
_EVENT = re.compile(rb'"event_id"\s*:\s*"([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"')
_KEY = re.compile(r"sentry_key=([0-9a-f]{32})")
_CORS = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "x-sentry-error,x-sentry-rate-limits,retry-after"),
)


class Sentry(Persona):
    name: ClassVar[str] = "sentry"
    order: ClassVar[int] = 29
    kinds = frozenset({"sentry-dsn"})
    prefix = re.compile(r"/api/\d{1,20}/")

    def claims(self, request: Request) -> bool:
        return _PATH.match(request.service_path) is not None

    def answer(self, request: Request) -> Answer:
        shown = request.header(b"x-sentry-auth") + request.query + request.body[:2_000].decode("latin-1")
        if not _KEY.search(shown) and '"dsn"' not in shown:
            problem = {
                "detail": "event submission rejected with_reason: MissingAuth",
                "causes": ["missing authorization information"],
            }
            return Answer.of_json(401, problem, *_CORS, name="asks")
        found = _EVENT.search(request.body[:65_536])
        told = (
            found[1].decode().replace("-", "")
            if found
            else self.identity.once("sentry", request.seen).text("id", HEX, 32)
        )
        return Answer.of_json(200, {"id": told}, *_CORS, name="taken")
