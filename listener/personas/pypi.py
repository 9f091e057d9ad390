"""A package index: asks for the login, has no such project, and lets nobody upload.

PEP 503 and 691 (the simple API), the legacy upload API; errors as WebOb words them, which the public index runs on.
"""

from __future__ import annotations

import json
import re
from typing import ClassVar

from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_PATH = re.compile(r"(?:/[\w.-]{1,60}){0,4}?/(?:(simple)(?:/([\w.-]{1,200}))?/?|(legacy)/?)\Z")
_REALMS = ("pypi", "Packages", "devpi", "Artifacts", "PyPI Server")
_JSON = "application/vnd.pypi.simple.v1+json"


class Pypi(Persona):
    name: ClassVar[str] = "pypi"
    order: ClassVar[int] = 53
    kinds = frozenset({"pip-conf", "pypirc"})
    prefixless = "an index stands at any path, and below it are names of packages alone"

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        realm = identity.stream("pypi").pick("realm", _REALMS)
        self._challenge = ("WWW-Authenticate", f'Basic realm="{realm}"')

    def claims(self, request: Request) -> bool:
        return _PATH.match(request.service_path) is not None

    def answer(self, request: Request) -> Answer:
        found = _PATH.match(request.service_path)
        if not request.authorization or found is None:
            why = "Invalid or non-existent authentication information."
            return _error(request, 401, "Unauthorized", why, self._challenge)
        user = request.credential.partition(":")[0]
        if found[3] or request.method == "POST":
            name = re.search(rb'name="name"\r\n\r\n([\w.-]{1,120})\r\n', request.body[:65_536])
            project = name[1].decode() if name else ""
            return _error(
                request,
                403,
                "Forbidden",
                f"The user '{user}' isn't allowed to upload to project '{project}'.",
            )
        if found[2]:
            return _error(request, 404, "Not Found", "The resource could not be found.")
        listed = {"meta": {"api-version": "1.1"}, "projects": []}
        return Answer(
            200, (("Content-Type", _JSON),), json.dumps(listed, separators=(",", ":")).encode(), "index"
        )


def _error(request: Request, status: int, title: str, why: str, *headers: tuple[str, str]) -> Answer:
    """As JSON where that is asked for, else as plain text."""
    if "application/json" in request.header(b"accept"):
        document = {"message": why, "code": f"{status} {title}", "title": title}
        return Answer.of_json(status, document, *headers, name=title.lower())
    body = f"{status} {title}\n\n{why}\n\n\n"
    return Answer(
        status, (("Content-Type", "text/plain; charset=UTF-8"), *headers), body.encode(), title.lower()
    )
