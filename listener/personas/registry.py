"""A container registry: asks for the login, lets everybody in, has nothing of what is wanted.

OCI distribution specification 1.1, "Endpoints" and "Error codes". Basic rather than a token service: docker, podman and
skopeo then send user and password to the very path they wanted.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_PATH = re.compile(
    r"/v2(?:\Z|/(?:\Z|_catalog\Z|([a-z0-9][a-z0-9._/-]{0,200})/(manifests|tags|blobs|referrers)/))"
)
_REALMS = ("Registry", "Registry Realm", "Docker Registry", "Container Registry", "basic-realm", "Artifacts")
_VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")


class Registry(Persona):
    name: ClassVar[str] = "registry"
    order: ClassVar[int] = 40
    kinds = bare = frozenset({"docker-config"})
    segments = frozenset({"v2"})
    prefix = re.compile(r"/v2/")

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("registry")
        realm = f"{stream.pick('realm', _REALMS)} {stream.text('number', HEX, 3)}"
        self._challenge = ("WWW-Authenticate", f'Basic realm="{realm}"')

    def claims(self, request: Request) -> bool:
        return _PATH.match(request.service_path) is not None

    def answer(self, request: Request) -> Answer:
        if not request.authorization:
            return self._error(401, "UNAUTHORIZED", "authentication required", None, self._challenge)
        found = _PATH.match(request.service_path)
        name, what = (found[1] or "", found[2] or "") if found else ("", "")
        if not what:
            document: dict[str, Any] = (
                {"repositories": []} if request.service_path.endswith("_catalog") else {}
            )
            return Answer.of_json(200, document, _VERSION, name="base")
        if request.method in ("POST", "PUT", "PATCH", "DELETE"):
            return self._error(403, "DENIED", "requested access to the resource is denied", [])
        return self._error(404, "NAME_UNKNOWN", "repository name not known to registry", {"name": name})

    def _error(self, status: int, code: str, message: str, detail: Any, *headers: tuple[str, str]) -> Answer:
        problem = {"errors": [{"code": code, "message": message, "detail": detail}]}
        return Answer.of_json(status, problem, _VERSION, *headers, name=code.lower())
