"""HashiCorp Vault: every token is valid, and its policy allows to look at itself.

developer.hashicorp.com/vault/api-docs: auth/token (lookup-self), system/health; errors as Vault words them.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar
from uuid import UUID

from canaries.core.clock import from_micros
from canaries.crypto.seeded_random import BASE62, HEX, SeededRandom
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_SYSTEM = re.compile(r"/v1/sys/(?:health|seal-status|leader|init|internal/ui/.*|mounts|auth|policies/.*)\Z")
_VERSIONS = ("1.15.6", "1.16.3", "1.17.6", "1.18.4", "1.18.5", "1.19.2", "1.20.1")
_POLICIES = ("ci-read", "deploy", "app-prod", "terraform", "readonly", "backup")


class Vault(Persona):
    name: ClassVar[str] = "vault"
    order: ClassVar[int] = 35
    kinds = frozenset({"vault-token"})
    segments = frozenset({"v1"})
    prefix = re.compile(r"/v1/")

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("vault")
        self._health = {
            "initialized": True,
            "sealed": False,
            "standby": False,
            "performance_standby": False,
            "replication_performance_mode": "disabled",
            "replication_dr_mode": "disabled",
            "version": stream.pick("version", _VERSIONS),
            "enterprise": False,
            "cluster_name": f"vault-cluster-{stream.text('cluster', HEX, 8)}",
            "cluster_id": _uuid(stream, "cluster id"),
        }

    def claims(self, request: Request) -> bool:
        path = request.service_path
        return path.startswith("/v1/") and bool(
            request.header(b"x-vault-token") or request.header(b"x-vault-request") or _SYSTEM.match(path)
        )

    def answer(self, request: Request) -> Answer:
        path, token = request.service_path, request.header(b"x-vault-token")
        if path == "/v1/sys/health":
            now = {"server_time_utc": request.at // 1_000_000}
            return self._json(200, {**self._health, **now}, name="health")
        if token and path == "/v1/auth/token/lookup-self":
            return self._json(200, self._itself(token, request), name="lookup-self")
        return self._json(403, {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}, name="denied")

    def _json(self, status: int, document: Any, *, name: str) -> Answer:
        return Answer.of_json(status, document, ("Cache-Control", "no-store"), name=name)

    def _itself(self, token: str, request: Request) -> dict[str, Any]:
        stream = self.identity.stream(f"vault:{token}")
        policies = ["default", stream.pick("policy", _POLICIES)]
        created = max(0, request.at // 1_000_000 - stream.between("age", 5, 300) * 86_400)
        data = {
            "accessor": stream.text("accessor", BASE62, 24),
            "creation_time": created,
            "creation_ttl": 0,
            "display_name": "token",
            "entity_id": "",
            "expire_time": None,
            "explicit_max_ttl": 0,
            "id": token,
            "issue_time": from_micros(created * 1_000_000).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "meta": None,
            "num_uses": 0,
            "orphan": True,
            "path": "auth/token/create-orphan",
            "policies": policies,
            "renewable": False,
            "ttl": 0,
            "type": "service",
        }
        return {
            "request_id": _uuid(self.identity.once("vault", request.seen), "id"),
            "lease_id": "",
            "renewable": False,
            "lease_duration": 0,
            "data": data,
            "wrap_info": None,
            "warnings": None,
            "auth": None,
        }


def _uuid(stream: SeededRandom, label: str) -> str:
    return str(UUID(bytes=stream.draw_bytes(label, 16), version=4))
