"""An OpenStack clouds.yaml whose identity service is a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_CLOUDS = ("production", "prod", "private", "internal", "openstack", "dc1")
_USERS = ("deploy", "terraform", "ci", "backup", "svc-automation", "heat-admin")
_PROJECTS = ("production", "infra", "platform", "shared", "services", "web")


class OpenstackClouds(Kind):
    name: ClassVar[str] = "openstack-clouds"
    service: ClassVar[str] = "identity"
    title: ClassVar[str] = "An OpenStack clouds.yaml with an identity service that is a trap"
    fired_by: ClassVar[str] = (
        "The openstack command and what else uses openstacksdk: user and password come in clear "
        "in a JSON body, with the project. Over https the file tells them not to verify the certificate."
    )
    plant_hint: ClassVar[str] = "As ~/.config/openstack/clouds.yaml, or beside a playbook."
    try_hint: ClassVar[str] = (
        "OS_CLIENT_CONFIG_FILE=.config/openstack/clouds.yaml openstack --os-cloud {cloud} token issue\n"
        "curl -k -H 'Content-Type: application/json' -d "
        '\'{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"{user}","password":"{password}",'
        '"domain":{"id":"default"}}}}}}\' {url}/auth/tokens'
    )

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        values = {
            "cloud": stream.pick("cloud", _CLOUDS),
            "user": stream.pick("user", _USERS),
            "password": stream.text("password", BASE62, stream.between("length", 20, 28)),
            "project": stream.pick("project", _PROJECTS),
            "url": f"{site.url}/v3",
        }
        text = render("kinds/openstack-clouds.j2", **values, secure=site.url.startswith("https:"))
        tokens = (Token("password", values["password"]), *site.tokens)
        file = BaitFile(".config/openstack/clouds.yaml", text.encode())
        return Bait(tokens, text, (file,), {**values, "host": site.host})
