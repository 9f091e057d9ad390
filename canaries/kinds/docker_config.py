"""A Docker client's login at a registry that is a trap."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, Order

_USERS = ("ci", "deploy", "builder", "gitlab-ci", "jenkins", "robot-pull", "svc-registry", "release")


@dataclass(frozen=True, slots=True)
class DockerConfigOptions:
    """What ``--set`` may set."""

    user: str = ""
    """Empty: one of the usual names."""


class DockerConfig(Kind):
    name: ClassVar[str] = "docker-config"
    service: ClassVar[str] = "registry"
    title: ClassVar[str] = "A Docker client's login at a registry that is a trap"
    fired_by: ClassVar[str] = (
        "docker, podman, skopeo, buildah, and scanners that try what they find: user and password come in clear "
        "(Basic) once the registry has asked. They insist on https with a trusted certificate, except on loopback or "
        "where told otherwise: else only the host name is seen (SNI)."
    )
    plant_hint: ClassVar[str] = "As ~/.docker/config.json of a CI runner, or as an image pull secret."
    try_hint: ClassVar[str] = "curl -k -u '{user}:{password}' {url}/v2/_catalog"
    Options: ClassVar[type[Any]] = DockerConfigOptions

    def mint(self, order: Order, options: DockerConfigOptions) -> Bait:
        stream, site = order.stream, order.site()
        user = options.user or stream.pick("user", _USERS)
        if not user.replace("-", "").replace("_", "").isalnum() or not user.isascii():
            raise MintError("the user of a registry has letters, digits, - and _ only")
        password = stream.text("password", BASE62, stream.between("length", 24, 32))
        auth = base64.b64encode(f"{user}:{password}".encode()).decode()
        config = json.dumps({"auths": {site.host: {"auth": auth}}}, indent="\t") + "\n"
        # A registry's name has no path: a base URL without a label in its host leaves the password alone to tell.
        tokens = (Token("password", password), *site.own_host)
        row = {
            "user": user,
            "password": password,
            "host": site.host,
            "url": site.secure_root,
        }
        text = f"docker login -u {user} -p {password} {site.host}\n"
        return Bait(tokens, text, (BaitFile(".docker/config.json", config.encode()),), row)
