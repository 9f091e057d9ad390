"""Terraform's login at a registry or Terraform Enterprise that is a trap."""

from __future__ import annotations

import json
from typing import ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_NAMESPACES = ("platform", "infra", "core", "shared", "network", "cloud")
_MODULES = ("vpc/aws", "network/google", "eks/aws", "baseline/aws", "vnet/azurerm", "iam/aws")


class TerraformCredentials(Kind):
    name: ClassVar[str] = "terraform-credentials"
    title: ClassVar[str] = "A Terraform login and a module from a private registry that is a trap"
    fired_by: ClassVar[str] = (
        "terraform init of a project that names the trap (the bait has one): the token comes in clear "
        "(Bearer) with the first request. https with a publicly trusted certificate is forced: otherwise only the "
        "host name is seen (SNI)."
    )
    plant_hint: ClassVar[str] = "In a home folder, with modules.tf in an infrastructure repository beside it."
    try_hint: ClassVar[str] = "curl -k -H 'Authorization: Bearer {token}' {url}/.well-known/terraform.json"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        token = f"{stream.text('id', BASE62, 14)}.atlasv1.{stream.text('body', BASE62, 67)}"
        module = stream.pick("module", _MODULES)
        source = f"{site.host}/{stream.pick('namespace', _NAMESPACES)}/{module}"
        text = json.dumps({"credentials": {site.host: {"token": token}}}, indent=2) + "\n"
        modules = (
            f'module "{module.partition("/")[0]}" {{\n  source  = "{source}"\n'
            f'  version = "~> {stream.between("major", 1, 5)}.{stream.between("minor", 0, 9)}"\n}}\n'
        )
        files = (
            BaitFile(".terraform.d/credentials.tfrc.json", text.encode()),
            BaitFile("modules.tf", modules.encode(), 0o644),
        )
        url = site.secure_root
        row = {"token": token, "url": url, "host": site.host, "source": source}
        return Bait((Token("token", token), *site.own_host), text, files, row)
