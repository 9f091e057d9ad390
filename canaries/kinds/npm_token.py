"""An npm access token in an ``.npmrc`` that names a registry that is a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from canaries.content.checksums import crc32_base62
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, Order


@dataclass(frozen=True, slots=True)
class NpmTokenOptions:
    """What ``--set`` may set."""

    ca: bool = False
    """Bring the installation's own CA, for a registry over https without a public certificate."""


class NpmToken(Kind):
    name: ClassVar[str] = "npm-token"
    title: ClassVar[str] = "An npm token in an .npmrc that names a registry that is a trap"
    fired_by: ClassVar[str] = (
        "npm, yarn and pnpm with this .npmrc, on nearly every command (npm even asks for its own updates there): the "
        "token comes in clear (Bearer), with the package that is wanted. Silent: scanners that take the bare token to "
        "the public registry."
    )
    plant_hint: ClassVar[str] = "In a repository's .npmrc, a home folder, or a build image."
    try_hint: ClassVar[str] = "npm whoami --registry {registry} --{nerf}:_authToken={secret}"
    Options: ClassVar[type[Any]] = NpmTokenOptions

    def mint(self, order: Order, options: NpmTokenOptions) -> Bait:
        stream, site = order.stream, order.site()
        body = stream.text("token", BASE62, 30)
        secret = f"npm_{body}{crc32_base62(body)}"
        registry = f"{site.url}/"
        nerf = registry.removeprefix(urlsplit(registry).scheme + ":")
        text = f"registry={registry}\n{nerf}:_authToken={secret}\n"
        if options.ca and order.ca_pem:
            text += 'ca="' + order.ca_pem.strip().replace("\n", "\\n") + '"\n'
        return Bait(
            (Token("secret", secret), *site.tokens),
            text,
            files=(BaitFile(".npmrc", text.encode()),),
            row={"secret": secret, "registry": registry, "nerf": nerf, "url": site.url, "host": site.host},
        )
