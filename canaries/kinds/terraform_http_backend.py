"""Terraform's state in an HTTP backend that is a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_USERS = ("terraform", "tf-state", "ci", "deploy", "automation", "infra")
_STATES = ("production", "core", "network", "eks-prod", "shared", "platform", "dns")


class TerraformHttpBackend(Kind):
    name: ClassVar[str] = "terraform-http-backend"
    service: ClassVar[str] = "tfstate"
    title: ClassVar[str] = "A Terraform project with its state at an HTTP backend that is a trap"
    fired_by: ClassVar[str] = (
        "terraform init, plan, state pull: user and password come in clear (Basic) with the first request. "
        "Over https the certificate must be publicly trusted: otherwise only the host name is seen (SNI)."
    )
    plant_hint: ClassVar[str] = "As backend.tf of an infrastructure repository."
    try_hint: ClassVar[str] = "curl -u '{user}:{password}' {url}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        user, password = (
            stream.pick("user", _USERS),
            stream.text("password", BASE62, stream.between("length", 24, 32)),
        )
        url = f"{site.url}/terraform/state/{stream.pick('state', _STATES)}"
        text = render("kinds/terraform-http-backend.j2", url=url, user=user, password=password)
        row = {"user": user, "password": password, "url": url, "host": site.host}
        tokens = (Token("password", password), *site.tokens)
        return Bait(tokens, text, (BaitFile("backend.tf", text.encode(), 0o644),), row, stem="tf_http")
