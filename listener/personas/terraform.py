"""What Terraform asks: where a host's services are, versions of a module, a state.

developer.hashicorp.com/terraform: "Remote Service Discovery", "Module Registry Protocol", "Backend Type: http".
"""

from __future__ import annotations

import re
from typing import ClassVar
from uuid import UUID

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_SERVICES = "/api/registry/v1"
_STATE = re.compile(
    r"(?:/[\w.%-]{1,80}){0,6}/terraform/state/([\w.%-]{1,80})(/lock)?\Z|(?:/[\w.-]{1,80}){1,6}\.tfstate\Z"
)
_VERSIONS = ("1.6.6", "1.7.5", "1.8.5", "1.9.8", "1.10.5", "1.11.4")
_REALMS = ("Terraform", "state", "tfstate", "Remote state", "Infrastructure")


class Terraform(Persona):
    name: ClassVar[str] = "terraform"
    order: ClassVar[int] = 41
    kinds = frozenset({"terraform-credentials", "terraform-http-backend"})
    prefixless = "a state is kept at any path"
    bare = frozenset({"terraform-credentials"})

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("terraform")
        realm = f"{stream.pick('realm', _REALMS)} {stream.text('number', HEX, 3)}"
        self._challenge = ("WWW-Authenticate", f'Basic realm="{realm}"')

    def claims(self, request: Request) -> bool:
        path = request.service_path
        if "tfstate" in path or "/terraform/state/" in path:
            return _STATE.match(path) is not None
        return path == "/.well-known/terraform.json" or path.startswith(f"{_SERVICES}/")

    def answer(self, request: Request) -> Answer:
        path = request.service_path
        if path == "/.well-known/terraform.json":
            services = {"modules.v1": f"{_SERVICES}/modules/", "providers.v1": f"{_SERVICES}/providers/"}
            return Answer.of_json(200, services, name="services")
        if path.startswith(f"{_SERVICES}/"):
            return Answer.of_json(404, {"errors": ["Not Found"]}, name="registry")
        if not request.authorization:
            return Answer.of_json(401, {"error": "Unauthorized"}, self._challenge, name="asks")
        if request.method != "GET":
            return Answer.of_json(200, {}, name="kept")
        stream = self.identity.stream(f"state:{path}")
        state = {
            "version": 4,
            "terraform_version": stream.pick("version", _VERSIONS),
            "serial": stream.between("serial", 3, 240),
            "lineage": str(UUID(bytes=stream.draw_bytes("lineage", 16), version=4)),
            "outputs": {},
            "resources": [],
            "check_results": None,
        }
        return Answer.of_json(200, state, name="state")
