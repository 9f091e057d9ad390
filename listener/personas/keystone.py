"""OpenStack Identity: every password gets a token, and a catalog with nothing in it but this service.

docs.openstack.org/api-ref/identity/v3: "Show Identity version 3 details", "Password authentication".
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.core.clock import from_micros
from canaries.crypto.seeded_random import HEX, URLSAFE, SeededRandom
from listener.personas import Answer, Persona, Request

_PATH = re.compile(
    r"((?:/identity)?/v3)(?:/|\Z|/auth/tokens\Z|/auth/catalog\Z|/(?:projects|users|domains|services)(?:/.*)?\Z)"
)
_VARY = ("Vary", "X-Auth-Token")


class Keystone(Persona):
    name: ClassVar[str] = "keystone"
    order: ClassVar[int] = 58
    kinds = frozenset({"openstack-clouds"})
    segments = frozenset({"identity", "v3"})
    prefix = re.compile(r"(?:/identity)?/v3/")

    def claims(self, request: Request) -> bool:
        path = request.service_path
        return path in (
            "/v3",
            "/v3/",
            "/identity/v3",
            "/identity/v3/",
            "/v3/auth/tokens",
            "/identity/v3/auth/tokens",
        ) or (_PATH.match(path) is not None and bool(request.header(b"x-auth-token")))

    def answer(self, request: Request) -> Answer:
        found = _PATH.match(request.service_path)
        base = request.root + (found[1] if found else "/v3")
        once = self.identity.once("keystone", request.seen)
        request_id = ("x-openstack-request-id", f"req-{_uuid(once)}")
        if request.method == "POST" and request.service_path.endswith("/auth/tokens"):
            subject = ("X-Subject-Token", f"gAAAAAB{once.text('token', URLSAFE, 176)}")
            return Answer.of_json(201, self._token(base, request), subject, _VARY, request_id, name="token")
        if request.service_path.rstrip("/").endswith("/v3"):
            return Answer.of_json(200, {"version": _version(base)}, _VARY, request_id, name="version")
        problem = {
            "code": 403,
            "message": "You are not authorized to perform the requested action.",
            "title": "Forbidden",
        }
        return Answer.of_json(403, {"error": problem}, _VARY, request_id, name="forbidden")

    def _token(self, base: str, request: Request) -> dict[str, Any]:
        stream = self.identity.stream("keystone")
        endpoint = {
            "id": stream.text("endpoint", HEX, 32),
            "interface": "public",
            "region": "RegionOne",
            "region_id": "RegionOne",
            "url": base,
        }
        domain = {"id": "default", "name": "Default"}
        service = {
            "id": stream.text("service", HEX, 32),
            "type": "identity",
            "name": "keystone",
            "endpoints": [endpoint],
        }
        return {
            "token": {
                "methods": ["password"],
                "issued_at": _time(request.at),
                "expires_at": _time(request.at + 3_600_000_000),
                "user": {"id": stream.text("user", HEX, 32), "name": "service", "domain": domain},
                "project": {"id": stream.text("project", HEX, 32), "name": "service", "domain": domain},
                "roles": [{"id": stream.text("role", HEX, 32), "name": "member"}],
                "catalog": [service],
                "is_domain": False,
            }
        }


def _version(base: str) -> dict[str, Any]:
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": f"{base}/"}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    }


def _time(micros: int) -> str:
    return from_micros(micros).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _uuid(stream: SeededRandom) -> str:
    digits = stream.text("id", HEX, 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
