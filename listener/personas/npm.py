"""An npm registry: who is logged in, no package of that name, and publishing is not allowed.

The registry's public API as npm, yarn and pnpm use it: whoami, ping, packuments, publish.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Request
from listener.personas._key_api import Call, KeyApi

_AGENTS = frozenset({"npm/", "yarn", "pnpm", "bun/"})
_LOGINS = ("ci", "build", "deploy", "publisher", "release-bot", "packages")


class Npm(KeyApi):
    name: ClassVar[str] = "npm"
    order: ClassVar[int] = 52
    kinds = frozenset({"npm-token"})
    key = re.compile(r"npm_[A-Za-z0-9]{36}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    paths = re.compile(r"(?:@[\w.~-]+(?:%2[fF]|/))?[\w.~-]*(?:/|\Z)")
    own = re.compile(r"-/(?:whoami|ping|npm/|user/|v1/|package/|all)")

    def claims(self, request: Request) -> bool:
        if super().claims(request):
            return True
        agent = request.header(b"user-agent")
        return agent[:4] in _AGENTS and self.paths.match(request.service_path[1:]) is not None

    def stranger(self, call: Call) -> Answer:
        if call.path == "-/ping":
            return self.said(call, 200, {}, "ping")
        if call.path.startswith("-/"):
            return Answer.of_json(
                401, {"message": "Unauthorized"}, ("WWW-Authenticate", "Bearer"), name="asks"
            )
        return self._missing(call)

    def reply(self, call: Call) -> Answer:
        if call.path == "-/whoami":
            login = f"{call.who.pick('login', _LOGINS)}-{call.who.text('number', HEX, 3)}"
            return self.said(call, 200, {"username": login}, "whoami")
        if call.path == "-/ping":
            return self.said(call, 200, {}, "ping")
        if call.request.method in ("GET", "HEAD"):
            return self._missing(call)
        package = unquote(call.path)[:214]
        message = f'You do not have permission to publish "{package}". Are you logged in as the correct user?'
        return self.said(call, 403, {"success": False, "error": message}, "denied")

    def _missing(self, call: Call) -> Answer:
        return self.said(call, 404, {"error": "Not found"}, "missing")
